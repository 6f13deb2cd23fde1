/** How the printed page looks. */

/** A text as a CSS string: every letter that could mean anything is written by its number. */
const cssText = (text: string): string =>
  `"${text.replace(/[^\p{L}\p{N} ,.:]/gu, (letter) => `\\${letter.codePointAt(0)!.toString(16)} `)}"`;

/** Widths of columns in steps of five percent: attributes of style are not allowed by the policy. */
const widths = Array.from({ length: 20 }, (_, index) => `.w${(index + 1) * 5}{width:${(index + 1) * 5}%}`).join('');

/** The style of the page; `foot` stands at the foot of each printed sheet beside its number. */
export const documentStyle = (foot: string): string => `
@page{size:A4;margin:20mm 20mm 22mm;
@bottom-left{content:${cssText(foot)};font:10pt sans-serif;color:#555;width:80%}
@bottom-right{content:"Page " counter(page) " of " counter(pages);font:10pt sans-serif;color:#555}}
*{box-sizing:border-box}
:root{color-scheme:light}
body{margin:0;background:#fff;color:#1a1f26;font:10.5pt/1.45 Inter,Roboto,"Helvetica Neue",Arial,sans-serif;overflow-wrap:anywhere}
main{max-width:175mm;margin:0 auto;padding:12mm 5mm}
h1,h2,h3,h4,p,dl,table,ul,ol,blockquote,pre{margin:0 0 2.4mm}
h1{font-size:21pt;line-height:1.2;margin-bottom:4mm}
h2{font-size:12.5pt;margin-top:7mm;padding-bottom:1mm;border-bottom:.3mm solid #b8c0cc;break-after:avoid}
h3,h4{font-size:10.5pt;margin-top:3mm;break-after:avoid}
p,li,dd{orphans:2;widows:2}
a{color:#0b57a4}
.kind{color:#4a5563;font-weight:600;margin-bottom:1mm}
.mark{display:inline-block;border:.4mm solid #8a4b00;color:#7a4100;background:#fff6e8;font-weight:600;padding:1.2mm 3mm;border-radius:1mm}
.facts{display:grid;grid-template-columns:1fr 1fr;gap:1mm 8mm}
.facts div,.terms div{display:grid;grid-template-columns:38mm 1fr;gap:4mm}
.facts div{grid-template-columns:20mm 1fr}
.terms div{margin-bottom:1.4mm;break-inside:avoid}
dt{color:#4a5563;font-weight:600}
dd{margin:0}
table{width:100%;border-collapse:collapse;table-layout:fixed}
th,td{text-align:start;vertical-align:top;padding:1.2mm 3mm 1.2mm 0;border-bottom:.2mm solid #d5dbe3}
th{color:#4a5563;border-bottom:.4mm solid #6b7684}
thead{display:table-header-group}
tr{break-inside:avoid}
.note{color:#4a5563}
.figure{color:#0b57a4;white-space:nowrap}
ul,ol{padding-inline-start:6mm}
li>p{margin:1mm 0 0}
blockquote{border-inline-start:.6mm solid #b8c0cc;padding-inline-start:3mm;color:#333c47}
pre{white-space:pre-wrap;background:#f3f5f8;padding:2mm 3mm}
code{font-size:.95em}
.signatures{display:grid;grid-template-columns:1fr 1fr;gap:12mm;break-inside:avoid}
.signatures ul{list-style:none;padding:0}
.signatures li{margin-top:5mm;break-inside:avoid}
.signatures li p{margin:0}
.signatures .line{border-bottom:.3mm solid #1a1f26;padding:8mm 0 1mm;margin-bottom:1mm;color:#7a4100}
.signatures .line.signed{color:#1a1f26}
${widths}
@media (max-width:600px){.facts,.signatures{grid-template-columns:1fr}.terms div{grid-template-columns:1fr;gap:0}table{table-layout:auto}}
@media print{main{max-width:none;padding:0}section#signatures{break-inside:avoid}}
`;
