/** The demo: an invented shop for drops, and what has happened in it so far. Prices are won. */
import type { Discount } from '../coupon/coupon.types.ts';
import type { NewOption, Visibility } from '../product/product.types.ts';

export interface DemoProduct {
  readonly name: string;
  readonly description: string;
  readonly status?: Visibility;
  readonly options: readonly NewOption[];
}

/** A coupon; the demo customers and so many fans have claimed it. */
export interface DemoCoupon {
  /** Names it among the demo's own. */
  readonly slug: string;
  readonly name: string;
  readonly discount: Discount;
  readonly minOrderAmount: number;
  readonly quantity: number;
  /** From now; 0 is at once. */
  readonly startsInHours: number;
  readonly claimedByFans: number;
}

/** A paid order of one of the buyers, who are users without an account. */
export interface DemoOrder {
  readonly buyer: string;
  readonly lines: readonly { readonly sku: string; readonly quantity: number }[];
}

/** An account, whose password everybody knows, and the balance that it is charged with. */
export interface DemoPerson {
  readonly name: string;
  readonly email: string;
  readonly password: string;
  readonly role: 'customer' | 'staff';
  readonly balance: number;
}

export const DEMO_PEOPLE: readonly DemoPerson[] = [
  { name: '김민지', email: 'minji@openrun.example', password: 'openrun-demo', role: 'customer', balance: 500_000 },
  { name: 'Alex Park', email: 'alex@openrun.example', password: 'openrun-demo', role: 'customer', balance: 120_000 },
  { name: '운영팀', email: 'staff@openrun.example', password: 'openrun-staff', role: 'staff', balance: 0 },
];

export const DEMO_COUPONS: readonly DemoCoupon[] = [
  {
    slug: 'weekend',
    name: '주말 드롭 20% · Weekend drop 20%',
    discount: { type: 'percent', percent: 20, maxAmount: 30_000 },
    minOrderAmount: 50_000,
    quantity: 300,
    startsInHours: 24,
    claimedByFans: 0,
  },
  {
    slug: 'first',
    name: '선착순 100명 1만원 · ₩10,000 for the first 100',
    discount: { type: 'fixed', amount: 10_000 },
    minOrderAmount: 30_000,
    quantity: 100,
    startsInHours: 0,
    claimedByFans: 97,
  },
  {
    slug: 'welcome',
    name: '오픈 기념 10% · Opening 10%',
    discount: { type: 'percent', percent: 10, maxAmount: 20_000 },
    minOrderAmount: 0,
    quantity: 10_000,
    startsInHours: 0,
    claimedByFans: 12,
  },
];

/** Options of one price: `variants` is their name and first stock by the end of their SKU. */
function options(
  sku: string,
  price: number,
  variants: Readonly<Record<string, readonly [name: string, stock: number]>>,
  maxPerUser: number | null = null,
): NewOption[] {
  return Object.entries(variants).map(([end, [name, stock]]) => ({ sku: `${sku}-${end}`, name, price, stock, maxPerUser }));
}

/** Sneakers in millimetres, by `[size, first stock]`. */
function shoeSizes(sku: string, price: number, sizes: readonly (readonly [number, number])[], maxPerUser: number | null = null) {
  return options(sku, price, Object.fromEntries(sizes.map(([size, stock]) => [String(size), [`${size} mm`, stock] as const])), maxPerUser);
}

/** Clothes in three sizes, by the first stock of each. */
function clothSizes(sku: string, price: number, [s, m, l]: readonly [number, number, number]) {
  return options(sku, price, { S: ['S', s], M: ['M', m], L: ['L', l] });
}

function single(sku: string, price: number, stock: number, maxPerUser: number | null = null): NewOption[] {
  return options(sku, price, { ONE: ['단품 One', stock] }, maxPerUser);
}

/** The last one is the newest, and comes first in the shop. */
export const DEMO_PRODUCTS: readonly DemoProduct[] = [
  {
    name: '봄 드롭 미리보기 · Spring drop preview',
    description: '아직 공개하지 않은 상품입니다.\nNot announced yet.',
    status: 'hidden',
    options: single('PRE-SPRING', 59_000, 40),
  },
  {
    name: '틈새 책갈피 세트 · Gap bookmark set',
    description: '황동 책갈피 세 개.\nThree brass bookmarks.',
    options: single('PAP-BOOKMARK', 12_000, 140),
  },
  {
    name: '모눈 노트 · Grid notebook',
    description: '실로 묶은 160쪽, 만년필이 번지지 않는 종이.\nThread-sewn, 160 pages, kind to fountain pens.',
    options: options('PAP-GRID', 9_000, { A5: ['A5', 220], A6: ['A6', 180] }),
  },
  {
    name: '새벽 시장 포스터 · Dawn market poster',
    description: '두 색 리소 인쇄, 번호 있는 200장.\nTwo-colour risograph, 200 numbered prints.',
    options: options('POS-DAWN', 28_000, { A3: ['A3', 34], A2: ['A2', 6] }, 2),
  },
  {
    name: '마지막 전철 포스터 · Last train poster',
    description: '실크스크린 다섯 도, 작가 서명.\nScreen print in five colours, signed.',
    options: single('POS-TRAIN', 45_000, 12, 1),
  },
  {
    name: '골목 지도 포스터 · Alley map poster',
    description: '서울 골목 열두 곳을 그린 지도.\nA map of twelve alleys of Seoul.',
    options: options('POS-ALLEY', 22_000, { A3: ['A3', 60], A2: ['A2', 25] }),
  },
  {
    name: '물결 접시 · Ripple plate',
    description: '손으로 빚은 재유 접시, 지름 21 cm.\nHand-thrown, ash glaze, 21 cm.',
    options: options('CER-RIPPLE', 38_000, { ASH: ['재색 Ash', 18], SEA: ['바다색 Sea', 9] }),
  },
  {
    name: '달항아리 소품 · Small moon jar',
    description: '높이 14 cm. 가마에서 나온 그대로입니다.\n14 cm tall, as it left the kiln.',
    options: single('CER-MOON', 160_000, 3, 1),
  },
  {
    name: '조약돌 머그 · Pebble mug',
    description: '손에 감기는 300 ml 머그.\nA 300 ml mug that fits the hand.',
    options: options('CER-PEBBLE', 26_000, { SAND: ['모래색 Sand', 40], INK: ['먹색 Ink', 32], MOSS: ['이끼색 Moss', 0] }),
  },
  {
    name: '찻자리 다관 · Tea table pot',
    description: '두 사람을 위한 260 ml 다관.\nA 260 ml pot for two.',
    options: single('CER-POT', 84_000, 15),
  },
  {
    name: '여름밤 라디오 LP · Summer Night Radio LP',
    description: '투명 주황 바이닐, 초판 500장.\nClear orange vinyl, first pressing of 500.',
    options: single('REC-RADIO', 49_000, 70, 2),
  },
  {
    name: '비 오는 옥상 LP · Rooftop in the Rain LP',
    description: '두 장짜리 검은 바이닐, 가사집 포함.\nDouble black vinyl with a lyric book.',
    options: single('REC-ROOFTOP', 62_000, 28),
  },
  {
    name: '첫차 7인치 · First Bus 7-inch',
    description: '두 곡이 담긴 45회전 싱글.\nA single of two songs at 45 rpm.',
    options: options('REC-BUS', 24_000, { BLK: ['검정 Black', 45], MINT: ['민트 Mint', 5] }),
  },
  {
    name: '느린 파도 카세트 · Slow Waves cassette',
    description: '앰비언트 40분.\nForty minutes of ambient.',
    options: single('REC-WAVES', 18_000, 90),
  },
  {
    name: '한글 자모 키캡 · Hangul jamo keycaps',
    description: 'PBT 염료 승화, 체리 프로파일.\nDye-sublimated PBT, Cherry profile.',
    options: options('KEY-JAMO', 98_000, { BASE: ['기본 Base', 55], FULL: ['풀세트 Full', 20] }, 1),
  },
  {
    name: '청자 키캡 · Celadon keycaps',
    description: '비색 그러데이션 142키.\n142 keys in shades of celadon.',
    options: single('KEY-CELADON', 129_000, 24, 1),
  },
  {
    name: '호랑이 아티산 · Tiger artisan',
    description: '수작업 레진 키캡 하나.\nOne hand-cast resin keycap.',
    options: options('KEY-TIGER', 55_000, { DAY: ['낮 Day', 2], NIGHT: ['밤 Night', 4] }, 1),
  },
  {
    name: '황동 무게추 · Brass weight',
    description: '60% 키보드용 580 g 무게추.\n580 g, for 60 % keyboards.',
    options: single('KEY-BRASS', 74_000, 30),
  },
  {
    name: '솔기 후디 · Seam hoodie',
    description: '450 g 헤비 코튼, 바깥 솔기.\n450 g heavy cotton with its seams outside.',
    options: clothSizes('HOD-SEAM', 89_000, [40, 52, 31]),
  },
  {
    name: '안개 후디 · Fog hoodie',
    description: '가먼트 다잉으로 낸 회색.\nGarment-dyed grey.',
    options: clothSizes('HOD-FOG', 96_000, [12, 3, 18]),
  },
  {
    name: '야간 배송 윈드브레이커 · Night courier windbreaker',
    description: '반사 파이핑, 주머니에 접어 넣을 수 있습니다.\nReflective piping; packs into its own pocket.',
    options: clothSizes('OUT-COURIER', 138_000, [14, 22, 16]),
  },
  {
    name: '공방 앞치마 재킷 · Workshop apron jacket',
    description: '왁스 캔버스, 안주머니 다섯.\nWaxed canvas, five pockets inside.',
    options: clothSizes('OUT-APRON', 168_000, [8, 11, 7]),
  },
  {
    name: '두 줄 티셔츠 · Two-line tee',
    description: '느슨한 실루엣의 기본 티셔츠.\nA basic tee with a loose cut.',
    options: clothSizes('TEE-TWO', 35_000, [120, 160, 110]),
  },
  {
    name: '오픈런 볼캡 · Openrun cap',
    description: '줄 선 사람만 아는 자수.\nEmbroidery that only the queue knows.',
    options: options('CAP-RUN', 39_000, { BLK: ['검정 Black', 64], ORG: ['주황 Orange', 38] }, 2),
  },
  {
    name: '장바구니 토트 · Basket tote',
    description: '접으면 손바닥만 합니다.\nFolds into the palm of a hand.',
    options: options('BAG-BASKET', 29_000, { ECRU: ['생지 Ecru', 150], COAL: ['숯색 Coal', 130] }),
  },
  {
    name: '언덕길 러너 · Hillside runner',
    description: '접지가 좋은 생활 러닝화.\nAn everyday running shoe with grip.',
    options: shoeSizes('SNK-HILL', 119_000, [
      [240, 20],
      [250, 26],
      [260, 30],
      [270, 24],
      [280, 12],
    ]),
  },
  {
    name: '모래시계 로우 · Hourglass low',
    description: '스웨이드와 검 솔.\nSuede on a gum sole.',
    options: shoeSizes('SNK-GLASS', 139_000, [
      [240, 9],
      [250, 14],
      [260, 2],
      [270, 16],
      [280, 0],
    ]),
  },
  {
    name: '첫눈 하이 · First snow high',
    description: '눈 오는 날에만 보이는 무늬. 다 나갔습니다.\nA pattern that shows in snow. All gone.',
    options: shoeSizes('SNK-SNOW', 189_000, [
      [250, 0],
      [260, 0],
      [270, 0],
    ]),
  },
  {
    name: '자정 트랙 · Midnight track',
    description: '한 사람에 한 켤레.\nOne pair each.',
    options: shoeSizes(
      'SNK-TRACK',
      179_000,
      [
        [240, 10],
        [250, 18],
        [260, 22],
        [270, 18],
        [280, 8],
      ],
      1,
    ),
  },
  {
    name: '오픈런 01 · Openrun 01',
    description: '이 상점의 첫 신발, 번호 있는 300켤레. 한 사람에 한 켤레.\nThe first shoe of this shop: 300 numbered pairs, one each.',
    options: shoeSizes(
      'SNK-ONE',
      219_000,
      [
        [240, 40],
        [250, 60],
        [260, 80],
        [270, 80],
        [280, 40],
      ],
      1,
    ),
  },
];

/** What each buyer is charged with before ordering. */
export const DEMO_BUYER_BALANCE = 1_000_000;

/** The buyer of the first of them got one unit of its first line back. */
export const DEMO_ORDERS: readonly DemoOrder[] = [
  {
    buyer: 'demo-buyer-01',
    lines: [
      { sku: 'TEE-TWO-M', quantity: 3 },
      { sku: 'CAP-RUN-BLK', quantity: 1 },
    ],
  },
  { buyer: 'demo-buyer-02', lines: [{ sku: 'SNK-ONE-260', quantity: 1 }] },
  {
    buyer: 'demo-buyer-03',
    lines: [
      { sku: 'SNK-ONE-270', quantity: 1 },
      { sku: 'BAG-BASKET-ECRU', quantity: 1 },
    ],
  },
  { buyer: 'demo-buyer-04', lines: [{ sku: 'SNK-ONE-250', quantity: 1 }] },
  {
    buyer: 'demo-buyer-05',
    lines: [
      { sku: 'SNK-ONE-260', quantity: 1 },
      { sku: 'TEE-TWO-L', quantity: 2 },
    ],
  },
  { buyer: 'demo-buyer-06', lines: [{ sku: 'KEY-JAMO-FULL', quantity: 1 }] },
  {
    buyer: 'demo-buyer-07',
    lines: [
      { sku: 'REC-RADIO-ONE', quantity: 2 },
      { sku: 'REC-WAVES-ONE', quantity: 1 },
    ],
  },
  { buyer: 'demo-buyer-08', lines: [{ sku: 'CER-PEBBLE-INK', quantity: 2 }] },
  {
    buyer: 'demo-buyer-09',
    lines: [
      { sku: 'HOD-SEAM-M', quantity: 1 },
      { sku: 'CER-PEBBLE-SAND', quantity: 2 },
    ],
  },
  {
    buyer: 'demo-buyer-10',
    lines: [
      { sku: 'SNK-TRACK-270', quantity: 1 },
      { sku: 'SNK-ONE-270', quantity: 1 },
    ],
  },
];
