/** Renderers of the document of an agreement, and what it can be started from, for the features above. */
export { documentHtml } from './document/document-html.ts';
export { documentLength } from './document/document-length.ts';
export { documentMarkdown } from './document/document-markdown.ts';
export { documentPdf } from './document/document-pdf.ts';
export { agreementTemplates } from './document/templates/agreement-templates.ts';
