import { type Estimate, estimateOf } from './estimate.ts';
import { renderBars } from './plot-bars.ts';
import { renderCurve } from './plot-curve.ts';
import { type Summary, summarize } from './summary.ts';
import { escapeXml, text } from './svg.ts';
import type { StackFile } from './synthesized.ts';

const WIDTH = 960;
const HEIGHT = 740;

const STYLE = `
  svg { font: 13px system-ui, sans-serif; background: #fff; }
  text { fill: #24292f; } .title { font-size: 20px; font-weight: 600; } .head { font-weight: 600; paint-order: stroke; stroke: #fff; stroke-width: 5px; }
  .quiet { fill: #57606a; } .grid { stroke: #d8dee4; } .axis { stroke: #57606a; } .budget { stroke: #b42318; stroke-dasharray: 5 4; }
  .budget-label { fill: #b42318; } .ours { stroke: #0b6bcb; fill: none; stroke-width: 2.5; } .theirs { stroke: #b45309; fill: none; stroke-width: 2.5; }
  .range { fill: none; stroke: #57606a; stroke-width: 1.5; }
`;

/**
 * Draws an estimate as one self-contained SVG, alone or in an HTML page: sections by column beside the first estimate and
 * the budget, and the cost of a growing volume beside CloudWatch Logs. `curve` holds estimates of other volumes. Pure.
 */
export function renderPlot(summary: Summary, curve: readonly Summary[], format: 'svg' | 'html'): string {
  const { environment, volume, pricesOf } = summary;
  const title = `${environment}: USD a month at ${volume.tbPerMonth} TB of logs from ${volume.instances} instance(s)`;
  const sub = `List prices of ${pricesOf.region}, collected ${pricesOf.asOf}. Account-wide services are drawn apart.`;
  const svg = [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img">`,
    `<title>${escapeXml(title)}</title><style>${STYLE}</style><rect width="${WIDTH}" height="${HEIGHT}" fill="#fff"/>`,
    text(24, 36, title, 'title'),
    text(24, 58, sub, 'quiet'),
    renderBars(summary, { x: 24, y: 84, width: WIDTH - 48, height: 300 }),
    renderCurve(summary, curve, { x: 24, y: 410, width: WIDTH - 48, height: 300 }),
    '</svg>',
  ].join('\n');
  if (format === 'svg') return `${svg}\n`;
  return `<!doctype html>\n<html lang="en"><meta charset="utf-8"><title>${escapeXml(title)}</title>\n<body style="margin:0 auto;max-width:${WIDTH}px">\n${svg}\n</body></html>\n`;
}

/** Multiples of a volume at which the curve is drawn. */
const CURVE = [0.03, 0.1, 0.3, 1, 3];

/** The estimates of smaller and larger fleets around one. */
export function curveOf({ environment, volume }: Estimate, stacks: ReadonlyMap<string, StackFile>): Summary[] {
  return CURVE.map((factor) => {
    const tbPerMonth = volume.tbPerMonth * factor;
    const instances = Math.max(1, Math.round(volume.instances * factor));
    return summarize(estimateOf(environment, stacks, { tbPerMonth, instances }));
  });
}
