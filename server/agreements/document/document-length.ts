/** How long a document is on paper, part by part; what people are asked to sign stays short. */
import { listWords } from '../../contract/list-words.ts';
import type { AgreementDocument, DocumentLength } from '../../contract/agreement-document.ts';
import { layOutPdf } from '../../platform/pdf-printer.ts';
import { endId, partId, pdfDefinition } from './document-pdf.ts';

/** A document of more A4 pages than this cannot be proposed. */
const mostPages = 5;
/** Beyond this its authors are warned. */
const pagesThatAreRead = 3;
/** More than a page of nothing but text holds. */
const lettersOfFullPage = 8_000;
const mostLettersLaidOut = 100_000;
/** So many parts are named as the longest. */
const named = 3;

/** Lays the document out as it is printed; one that is far too long is only counted, so that it costs nothing. */
export async function documentLength(document: AgreementDocument): Promise<DocumentLength> {
  const letters = textsIn(document.parts).length;
  if (letters > mostLettersLaidOut) return countedLength(document, letters);
  const { pages, places } = await layOutPdf(pdfDefinition(document));
  const starts = [...document.parts.map(({ key }) => places.get(partId(key)) ?? 0), places.get(endId) ?? pages];
  const parts = document.parts.map(({ key, title }, index) => ({
    key,
    title,
    pages: Math.round((starts[index + 1]! - starts[index]!) * 100) / 100,
  }));
  const verdict = pages > mostPages ? 'too-long' : pages > pagesThatAreRead ? 'long' : 'fits';
  return {
    pages,
    verdict,
    message: messageOf(verdict, pages, parts),
    parts,
    unprintable: unprintableOf(document),
    mostPages,
  };
}

/** At least so long: as if every page were full. */
function countedLength(document: AgreementDocument, letters: number): DocumentLength {
  const pages = Math.ceil(letters / lettersOfFullPage);
  const parts = document.parts.map(({ key, title, blocks }) => ({
    key,
    title,
    pages: Math.round((textsIn(blocks).length / lettersOfFullPage) * 100) / 100,
  }));
  return {
    pages,
    verdict: 'too-long',
    message: messageOf('too-long', pages, parts),
    parts,
    unprintable: unprintableOf(document),
    mostPages,
  };
}

function messageOf(verdict: DocumentLength['verdict'], pages: number, parts: DocumentLength['parts']): string | null {
  if (verdict === 'fits') return null;
  const longest = parts
    .toSorted((a, b) => b.pages - a.pages)
    .slice(0, named)
    .map((part) => `${part.title} (${part.pages.toFixed(1)})`);
  const limit =
    verdict === 'too-long'
      ? `It has ${pages} pages, and ${mostPages} is the most that can be proposed.`
      : `It has ${pages} pages; people read ${pagesThatAreRead}.`;
  return `${limit} The longest parts, in pages: ${listWords(longest)}.`;
}

/** Letters outside the printed font: scripts other than Latin, Greek and Cyrillic, arrows, pictures. */
const unprintable =
  /[^\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\p{Script=Common}\p{Script=Inherited}]|[\u2190-\u21ff\u2300-\u2bff\u3000-\uffef]|[\u{10000}-\u{10ffff}]/gu;

function unprintableOf({ parts, title }: AgreementDocument): string {
  const found = new Set((title + textsIn(parts)).match(unprintable) ?? []);
  return [...found].join('');
}

/** Every text in a value, whatever holds it. */
function textsIn(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value !== 'object' || value === null) return '';
  return Object.values(value).map(textsIn).join('');
}
