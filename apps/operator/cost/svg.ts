/** A rectangle to draw in, in SVG units. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Makes text safe inside an element or an attribute. */
export function escapeXml(value: string): string {
  return value.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

/** Coordinates with one digit: enough for a screen, and stable to compare. */
export function round(value: number): string {
  return String(Math.round(value * 10) / 10);
}

/** A text element; `anchor` as in SVG. */
export function text(x: number, y: number, value: string, style = '', anchor: 'start' | 'middle' | 'end' = 'start') {
  return `<text x="${round(x)}" y="${round(y)}" class="${style}" text-anchor="${anchor}">${escapeXml(value)}</text>`;
}

export function segment(x1: number, y1: number, x2: number, y2: number, style: string): string {
  return `<line x1="${round(x1)}" y1="${round(y1)}" x2="${round(x2)}" y2="${round(y2)}" class="${style}"/>`;
}

/** A filled rectangle with a tooltip. */
export function bar(x: number, y: number, width: number, height: number, fill: string, title: string): string {
  const box = `x="${round(x)}" y="${round(y)}" width="${round(width)}" height="${round(height)}"`;
  return `<rect ${box} fill="${fill}"><title>${escapeXml(title)}</title></rect>`;
}
