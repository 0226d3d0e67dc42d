/**
 * A picture for a product that has none: a patchwork after jogakbo, the wrapping cloths sewn from scraps. It is drawn
 * from the product's id alone, so that a product has the same cloth wherever it appears.
 */
import { memo } from 'react';

interface Patch {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

const WIDTH = 400;
const HEIGHT = 500;
const PATCHES = 9;
const SMALLEST = 62;

/** Scraps that lie together in one cloth; the first is the ground, the last one is used once. */
const CLOTHS: readonly (readonly [string, string, string, string, string])[] = [
  ['#e8e4d8', '#c9d2d6', '#8fa3b5', '#f1c9a8', '#27408b'],
  ['#efe6dc', '#e9b9a0', '#c86b4a', '#d9cfc0', '#20363b'],
  ['#e6ebe2', '#a9bfa4', '#5f8068', '#ded3b4', '#b93a22'],
  ['#efe9ee', '#c7b6cf', '#7b6a95', '#e6d4c3', '#d98a2b'],
  ['#e3e9ec', '#9fc0c7', '#3f7181', '#f0e2c6', '#b4472f'],
  ['#f2ecdc', '#e6cd8c', '#b98a34', '#cfd4cb', '#31406b'],
  ['#ece7e4', '#d3c4bd', '#8d7a74', '#b7c4c9', '#8f2f3e'],
];

export const Patchwork = memo(function Patchwork({ seed, className = '' }: { readonly seed: string; readonly className?: string }) {
  const random = randomOf(seed);
  const cloth = CLOTHS[Math.floor(random() * CLOTHS.length)] ?? CLOTHS[0];
  const patches = cut(random);
  const accent = Math.floor(random() * patches.length);
  const turn = Math.floor(random() * 4);
  // In turn, so that every scrap is there and few lie beside their like.
  const fills = patches.map((_patch, index) => (index === accent ? cloth?.[4] : cloth?.[(index * 3 + turn) % 4]));
  return (
    <svg
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      preserveAspectRatio="xMidYMid slice"
      aria-hidden
      className={`block bg-sunken dark-cloth ${className}`}
    >
      {patches.map(({ x, y, width, height }, index) => (
        <g key={`${x} ${y}`}>
          <rect x={x} y={y} width={width} height={height} fill={fills[index]} />
          <rect
            x={x + 5}
            y={y + 5}
            width={width - 10}
            height={height - 10}
            fill="none"
            stroke={index === accent ? '#ffffff' : '#17191c'}
            strokeOpacity={index === accent ? 0.35 : 0.14}
            strokeDasharray="5 5"
          />
        </g>
      ))}
    </svg>
  );
});

/** Cuts the cloth again and again, always the largest patch, across its longer side. */
function cut(random: () => number): readonly Patch[] {
  const patches: Patch[] = [{ x: 0, y: 0, width: WIDTH, height: HEIGHT }];
  while (patches.length < PATCHES) {
    patches.sort((a, b) => b.width * b.height - a.width * a.height);
    const largest = patches.shift();
    if (largest === undefined) break;
    patches.push(...halve(largest, 0.28 + random() * 0.44));
  }
  return patches;
}

function halve({ x, y, width, height }: Patch, share: number): readonly Patch[] {
  const isWide = width > height;
  const length = isWide ? width : height;
  const at = Math.round(Math.min(Math.max(length * share, SMALLEST), length - SMALLEST));
  return isWide
    ? [
        { x, y, width: at, height },
        { x: x + at, y, width: width - at, height },
      ]
    : [
        { x, y, width, height: at },
        { x, y: y + at, width, height: height - at },
      ];
}

/** Numbers from 0 to 1 that follow from the seed: FNV-1a, mixed so that ids of one moment part (MurmurHash3), then xorshift. */
function randomOf(seed: string): () => number {
  let state = 2_166_136_261;
  for (const character of seed) state = Math.imul(state ^ (character.codePointAt(0) ?? 0), 16_777_619);
  state = Math.imul(state ^ (state >>> 16), 2_246_822_507);
  state = Math.imul(state ^ (state >>> 13), 3_266_489_909);
  state ^= state >>> 16;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 4_294_967_296;
  };
}
