/**
 * A Markdown table with columns of even width, as the formatter of this repository writes it, so that formatting changes nothing.
 * `right` aligns every column but the first to the right.
 */
export function markdownTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  right: 'right' | 'left' = 'left',
): string {
  const toRight = (column: number) => right === 'right' && column > 0;
  const widths = head.map((title, column) =>
    Math.max(3, ...[title, ...rows.map((row) => row[column] ?? '')].map(lengthOf)),
  );
  const pad = (text: string, column: number) => {
    const gap = ' '.repeat((widths[column] ?? 0) - lengthOf(text));
    return toRight(column) ? `${gap}${text}` : `${text}${gap}`;
  };
  const line = (cells: readonly string[]) =>
    `| ${head.map((_, column) => pad(cells[column] ?? '', column)).join(' | ')} |`;
  const rule = widths.map((width, column) => (toRight(column) ? `${'-'.repeat(width - 1)}:` : '-'.repeat(width)));
  return [line(head), line(rule), ...rows.map(line)].join('\n');
}

function lengthOf(text: string): number {
  return [...text].length;
}
