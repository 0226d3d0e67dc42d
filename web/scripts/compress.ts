/** Lays compressed forms beside the built files, for the server to send as they are. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const ASSETS = new URL('../dist/assets/', import.meta.url);
const COMPRESSIBLE = /\.(css|js|json|svg)$/;
const LEAST_BYTES = 512;

for (const name of readdirSync(ASSETS).filter((file) => COMPRESSIBLE.test(file))) {
  const plain = readFileSync(new URL(name, ASSETS));
  if (plain.length >= LEAST_BYTES) {
    writeFileSync(new URL(`${name}.gz`, ASSETS), gzipSync(plain, { level: 9, memLevel: 9 }));
    const params = { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY, [constants.BROTLI_PARAM_SIZE_HINT]: plain.length };
    writeFileSync(new URL(`${name}.br`, ASSETS), brotliCompressSync(plain, { params }));
  }
}
