/** The report's style: follows the reader's light or dark setting, one column on a phone. */
export const REPORT_STYLE = `
:root {
  color-scheme: light dark;
  --page: #f6f7f9; --card: #ffffff; --ink: #14181f; --soft: #566071; --line: #dfe3ea; --grid: #e8ebf0;
  --blue: #1f5fd0; --teal: #0b8a72; --amber: #d08700; --violet: #7c45c9; --grey: #7d8797; --red: #c9252d;
  --good: #0a6b3d; --good-page: #e6f5ec; --good-line: #a9d9bd;
  --bad: #a8161e; --bad-page: #fdecec; --bad-line: #f0b6b8;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #0e1116; --card: #171b22; --ink: #edf0f5; --soft: #a3adbd; --line: #2a303b; --grid: #242a34;
    --blue: #6aa5ff; --teal: #3cc9a7; --amber: #f0b03c; --violet: #b48cf2; --grey: #8b96a8; --red: #ff6b6b;
    --good: #7fe0a8; --good-page: #10291c; --good-line: #235c3d;
    --bad: #ff9a9a; --bad-page: #331518; --bad-line: #7a2a2f;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0; background: var(--page); color: var(--ink);
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif;
  font-variant-numeric: tabular-nums;
}
main { max-width: 1200px; margin: 0 auto; padding: 40px 24px 56px; }
header { display: flex; flex-wrap: wrap; justify-content: space-between; align-items: baseline; gap: 4px 24px; }
h1 { margin: 0; font-size: 26px; line-height: 1.2; letter-spacing: -0.015em; }
h2 { margin: 40px 0 12px; font-size: 18px; letter-spacing: -0.01em; }
h3 { margin: 0; font-size: 15px; font-weight: 600; }
p { margin: 0; }
.soft, .caption, .unit, .note { color: var(--soft); }
.verdict {
  display: flex; gap: 16px; align-items: center; margin: 20px 0 16px; padding: 18px 22px;
  border: 1px solid var(--good-line); border-radius: 14px; background: var(--good-page);
}
.verdict strong { display: block; font-size: 20px; line-height: 1.3; color: var(--good); }
.verdict svg { flex: none; width: 40px; height: 40px; fill: none; stroke: var(--good); stroke-width: 2.2; stroke-linecap: round; stroke-linejoin: round; }
.verdict.bad { border-color: var(--bad-line); background: var(--bad-page); }
.verdict.bad strong { color: var(--bad); }
.verdict.bad svg { stroke: var(--bad); }
.verdict ul { margin: 4px 0 0; padding-left: 18px; }
.facts { display: grid; grid-template-columns: repeat(6, 1fr); gap: 12px; margin: 0; }
.facts div, .plot, .table { background: var(--card); border: 1px solid var(--line); border-radius: 14px; }
.facts div { padding: 14px 16px; }
.facts dt { color: var(--soft); font-size: 13px; }
.facts dd { margin: 2px 0 0; font-size: 24px; font-weight: 650; line-height: 1.2; letter-spacing: -0.02em; }
.facts dd small { display: block; margin-top: 4px; font-size: 13px; font-weight: 400; letter-spacing: 0; color: var(--soft); }
.plots { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); column-gap: 16px; margin-bottom: -16px; }
.plot { display: grid; grid-row: span 3; grid-template-rows: subgrid; row-gap: 0; margin: 0 0 16px; padding: 18px 20px 16px; }
.unit { font-weight: 400; font-size: 13px; }
.legend { display: flex; flex-wrap: wrap; gap: 2px 16px; margin: 4px 0 0; padding: 0; list-style: none; font-size: 13px; color: var(--soft); }
.legend li { display: flex; align-items: center; gap: 6px; }
.swatch { width: 12px; height: 12px; border-radius: 3px; background: var(--swatch); }
.swatch.line { height: 3px; width: 16px; border-radius: 2px; }
.swatch.area { background: linear-gradient(var(--swatch) 0 3px, color-mix(in srgb, var(--swatch) 25%, transparent) 3px); }
.swatch.mark { width: 0; height: 13px; border-left: 2px dotted var(--grey); border-radius: 0; background: none; }
.frame { position: relative; margin: 14px 0 30px 44px; }
.frame > svg { display: block; width: 100%; height: 220px; overflow: visible; }
.y-axis span, .x-axis span { position: absolute; font-size: 12px; line-height: 1; color: var(--soft); white-space: nowrap; }
.y-axis span { right: calc(100% + 9px); transform: translateY(50%); }
.x-axis span { top: calc(100% + 9px); transform: translateX(-50%); }
.y-axis, .x-axis { position: absolute; inset: 0; pointer-events: none; }
svg .grid { stroke: var(--grid); stroke-width: 1; vector-effect: non-scaling-stroke; }
svg .line { fill: none; stroke-width: 2; stroke-linejoin: round; stroke-linecap: round; vector-effect: non-scaling-stroke; }
svg .area { fill-opacity: 0.16; }
svg .mark { stroke: var(--grey); stroke-width: 1; stroke-dasharray: 2 3; stroke-opacity: 0.75; vector-effect: non-scaling-stroke; }
svg .tip { fill: transparent; }
svg .tip:hover { fill: var(--grey); fill-opacity: 0.16; }
.caption { font-size: 13px; }
.table { overflow-x: auto; }
table { width: 100%; border-collapse: collapse; font-size: 14px; }
th, td { padding: 8px 14px; text-align: right; white-space: nowrap; border-bottom: 1px solid var(--grid); }
th { font-size: 13px; font-weight: 500; color: var(--soft); vertical-align: bottom; }
tr > :first-child, tr > .text { text-align: left; }
tr > :first-child { position: sticky; left: 0; background: var(--card); }
tbody th { font-size: 14px; font-weight: 600; color: var(--ink); }
tbody tr:hover > * { background: color-mix(in srgb, var(--grey) 10%, var(--card)); }
tfoot td, tfoot th { border-bottom: 0; font-weight: 650; color: var(--ink); font-size: 14px; }
.wrong { color: var(--bad); font-weight: 650; }
.ok { color: var(--good); }
.note { margin-top: 12px; font-size: 13px; max-width: 85ch; }
footer { margin-top: 40px; padding-top: 16px; border-top: 1px solid var(--line); font-size: 13px; color: var(--soft); }
@media (max-width: 1000px) { .facts { grid-template-columns: repeat(3, 1fr); } }
@media (max-width: 760px) {
  main { padding: 24px 14px 40px; }
  .plots { grid-template-columns: minmax(0, 1fr); }
  .facts { grid-template-columns: repeat(2, 1fr); }
  .facts dd { font-size: 21px; }
  .plot { padding: 16px 14px 14px; }
  .frame > svg { height: 180px; }
  .verdict { align-items: flex-start; padding: 16px; }
  th, td { padding: 8px 10px; }
  tr > .text { display: none; }
}
@media print { body { background: none; } .plot, .facts div { break-inside: avoid; } }
`;
