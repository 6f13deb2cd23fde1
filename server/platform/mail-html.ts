/** Pieces of mails as HTML, with styles in place: mail programs know no style sheets. */

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
/** A text that stands for itself in HTML. */
export const escaped = (text: string): string => text.replace(/[&<>"']/g, (letter) => entities[letter]!);

/** A whole mail of these lines of HTML. */
export const mailHtml = (lines: readonly string[]): string =>
  [
    '<!doctype html><html lang="en"><head><meta charset="utf-8"></head>',
    '<body style="margin:0;padding:24px;color:#1a1f26;font:15px/1.5 system-ui,Segoe UI,Arial,sans-serif">',
    ...lines,
    '</body></html>',
  ].join('\n');
