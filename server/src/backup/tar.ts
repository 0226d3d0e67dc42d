/**
 * Reads the tar that PostgreSQL sends of its directory: files and directories, in the format ustar. What a directory of ours never
 * has (links, devices, names over 99 bytes) is refused.
 */
import { BackupError } from './backup.errors.ts';

const BLOCK_BYTES = 512;
const CHECKSUM_AT = 148;
const CHECKSUM_BYTES = 8;
const BLANK = 0x20;
/** A size that octal digits cannot tell is in binary, with this bit set. */
const BINARY = 0x80;
const SIZE_AT = 124;
const SIZE_BYTES = 12;
const TYPE_AT = 156;
const PATH_BYTES = 100;

/** A file or a directory of the archive. */
export interface TarEntry {
  readonly path: string;
  readonly kind: 'file' | 'directory';
  /** To be read to its end before the next entry is asked for. */
  readonly contents: AsyncIterable<Buffer>;
}

/** The entries of an archive. @throws BackupError where it is cut off or is no such archive. */
export async function* readTar(chunks: AsyncIterable<Buffer>): AsyncGenerator<TarEntry> {
  const bytes = new ByteReader(chunks[Symbol.asyncIterator]());
  for (;;) {
    const header = await bytes.exactly(BLOCK_BYTES);
    if (header.every((byte) => byte === 0)) break;
    const { path, kind, size } = parseHeader(header);
    yield { path, kind, contents: bytes.upTo(size) };
    await bytes.exactly((BLOCK_BYTES - (size % BLOCK_BYTES)) % BLOCK_BYTES);
  }
  if (!(await bytes.restIsZero())) throw new BackupError('the archive of the database goes on after its end');
}

function parseHeader(header: Buffer): { path: string; kind: 'file' | 'directory'; size: number } {
  const path = textAt(header, 0, PATH_BYTES);
  const sum = header.reduce((total, byte, at) => total + (at >= CHECKSUM_AT && at < CHECKSUM_AT + CHECKSUM_BYTES ? BLANK : byte), 0);
  if (sum !== Number.parseInt(textAt(header, CHECKSUM_AT, CHECKSUM_BYTES), 8)) {
    throw new BackupError('the archive of the database is damaged: a header has another checksum than it says');
  }
  const type = String.fromCharCode(header[TYPE_AT] ?? 0);
  if (type === '5') return { path: path.replace(/\/$/, ''), kind: 'directory', size: 0 };
  if (type === '0' || type === '\0') return { path, kind: 'file', size: sizeOf(header) };
  throw new BackupError(`the directory of the database has something that is neither file nor directory: ${path}`);
}

function textAt(header: Buffer, start: number, length: number): string {
  return header.toString('utf8', start, start + length).replace(/\0.*$/s, '');
}

function sizeOf(header: Buffer): number {
  const isBinary = ((header[SIZE_AT] ?? 0) & BINARY) !== 0;
  const size = isBinary ? header.readUIntBE(SIZE_AT + SIZE_BYTES - 6, 6) : Number.parseInt(textAt(header, SIZE_AT, SIZE_BYTES), 8);
  if (!Number.isSafeInteger(size)) throw new BackupError('the archive of the database is damaged: a file has no size');
  return size;
}

class ByteReader {
  readonly #chunks: AsyncIterator<Buffer>;
  #rest: Buffer = Buffer.alloc(0);

  constructor(chunks: AsyncIterator<Buffer>) {
    this.#chunks = chunks;
  }

  async exactly(count: number): Promise<Buffer> {
    const parts: Buffer[] = [];
    for await (const part of this.upTo(count)) parts.push(part);
    return Buffer.concat(parts);
  }

  /** The next `count` bytes, in pieces as they come. */
  async *upTo(count: number): AsyncGenerator<Buffer> {
    for (let missing = count; missing > 0; ) {
      if (this.#rest.length === 0 && !(await this.#refill())) throw new BackupError('the archive of the database is cut off');
      const piece = this.#rest.subarray(0, missing);
      this.#rest = this.#rest.subarray(piece.length);
      missing -= piece.length;
      yield piece;
    }
  }

  async restIsZero(): Promise<boolean> {
    let isZero = true;
    do isZero &&= this.#rest.every((byte) => byte === 0);
    while (await this.#refill());
    return isZero;
  }

  async #refill(): Promise<boolean> {
    const next = await this.#chunks.next();
    if (next.done === true) return false;
    this.#rest = next.value;
    return true;
  }
}
