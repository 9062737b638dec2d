import type { RandomSource } from './random.ts';

const NAMES = [
  'Zoë Müller',
  "Aoife O'Brien",
  'Łukasz Nowak',
  'José Peña',
  '山田 花子',
  '김민준',
  'Дмитрий Иванов',
  'Ελένη Παππά',
  'محمد علي',
  'दीपा शर्मा',
  'Nguyễn Thị Lan',
  'Søren Ægirsson',
  'Ana "Nita" Souza',
  'สมชาย ใจดี',
  'John\\Smith',
] as const;
const TITLES = [
  'Crème brûlée torch',
  '抹茶ティーセット',
  'Мельница для перца',
  'Käsefondue-Topf (6 Gabeln)',
  'Barista\'s 12" pan',
  '무선 주전자',
  'Cafetière à piston',
  'मसाला डब्बा',
  'Tabla de cortar 50%',
  'طقم أكواب',
  '🫖 Teapot, cast iron',
  'C:\\recipes\\starter kit',
  'Mug "World’s okayest DBA"',
  'Πορσελάνινο πιάτο',
  'Rice cooker 1.8 L',
] as const;
const CITIES = [
  'Zürich',
  '大阪市',
  'São Paulo',
  'Kraków',
  'İzmir',
  'Saint-Étienne',
  'Αθήνα',
  'Tromsø',
  'Pune',
] as const;
const NOTES = [
  "Leave it at the neighbour's, please",
  'Ring twice\nthen wait',
  'Größe wie beim letzten Mal',
  '置き配でお願いします',
  'path \\\\nas\\share; key=value',
  'Tab\there',
  'He said: "no, thanks" -- really',
  '100% cotton; 3 < 4 && 5 > 2',
  '👍🏽 ok',
] as const;

export const STATUSES = ['new', 'paid', 'packed', 'shipped', 'returned', 'cancelled'] as const;

export function personName(random: RandomSource): string {
  return random.pick(NAMES);
}

export function productTitle(random: RandomSource): string {
  return random.pick(TITLES);
}

export function cityName(random: RandomSource): string {
  return random.pick(CITIES);
}

export function orderNote(random: RandomSource): string {
  return random.pick(NOTES);
}

export function sku(random: RandomSource): string {
  return `SKU-${random.int(1, 400).toString().padStart(5, '0')}`;
}

export function hex(random: RandomSource, digits: number): string {
  let text = '';
  while (text.length < digits) text += Math.floor(random.next() * 16).toString(16);
  return text;
}

/** A JSON document as an application would store it: nested, with quotes, backslashes and several scripts. */
export function jsonPayload(random: RandomSource): string {
  return JSON.stringify({
    requestId: hex(random, 32),
    customer: { name: personName(random), city: cityName(random), tier: random.int(1, 5) },
    items: Array.from({ length: random.int(1, 6) }, () => ({
      sku: sku(random),
      title: productTitle(random),
      price: random.int(100, 99_999) / 100,
    })),
    note: random.chance(0.4) ? orderNote(random) : null,
    userAgent: 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36',
  });
}
