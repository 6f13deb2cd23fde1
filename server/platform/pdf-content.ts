/**
 * What can be printed: the part of pdfmake's language that is used here. Its published types bring those of browsers
 * with them, which nothing that runs in the server may see.
 */

interface PdfLook {
  readonly font?: 'Roboto';
  /** Points. */
  readonly fontSize?: number;
  readonly lineHeight?: number;
  readonly bold?: boolean;
  readonly italics?: boolean;
  readonly color?: string;
  readonly background?: string;
  readonly decoration?: 'underline';
  readonly alignment?: 'left' | 'right' | 'center';
  readonly preserveLeadingSpaces?: boolean;
}

interface PdfBox extends PdfLook {
  /** Points: left, top, right, bottom. */
  readonly margin?: readonly [number, number, number, number];
  /** By which it is found in the layout. */
  readonly id?: string;
  /** For what must not stand alone at the foot of a page: 1 may be followed by 2. */
  readonly headlineLevel?: 1 | 2;
  /** Kept on one page; it must fit on one. */
  readonly unbreakable?: boolean;
}

interface PdfText extends PdfBox {
  readonly text: PdfContent;
  readonly link?: string;
  /** Whether it is an entry of the outline that a reader shows beside the pages. */
  readonly outline?: boolean;
}

interface PdfLine {
  readonly type: 'line';
  readonly x1: number;
  readonly y1: number;
  readonly x2: number;
  readonly y2: number;
  readonly lineWidth: number;
  readonly lineColor?: string;
}

export type PdfWidth = number | 'auto' | '*' | `${number}%`;
export type PdfColumn = PdfContent & { readonly width: PdfWidth };

export interface PdfTable {
  readonly widths: readonly PdfWidth[];
  readonly body: readonly (readonly PdfContent[])[];
  /** Rows that are repeated on every page. */
  readonly headerRows?: number;
  /** Rows that stay with those of the head. */
  readonly keepWithHeaderRows?: number;
  readonly dontBreakRows?: boolean;
}

/** Lines and paddings, points; an index of a line is that of the row or column after it. */
export interface PdfTableLayout {
  readonly hLineWidth?: (index: number, node: { readonly table: PdfTable }) => number;
  readonly hLineColor?: (index: number, node: { readonly table: PdfTable }) => string;
  readonly vLineWidth?: () => number;
  readonly vLineColor?: () => string;
  readonly fillColor?: () => string;
  readonly paddingLeft?: () => number;
  readonly paddingRight?: () => number;
  readonly paddingTop?: () => number;
  readonly paddingBottom?: () => number;
}

export type PdfContent =
  | string
  | readonly PdfContent[]
  | PdfText
  | (PdfBox & { readonly stack: readonly PdfContent[] })
  | (PdfBox & { readonly columns: readonly PdfColumn[]; readonly columnGap?: number })
  | (PdfBox & { readonly table: PdfTable; readonly layout: PdfTableLayout })
  | (PdfBox & { readonly canvas: readonly PdfLine[] })
  | (PdfBox & { readonly svg: string; readonly width?: number });

export interface PdfDefinition {
  readonly pageSize: 'A4';
  readonly pageOrientation?: 'portrait' | 'landscape';
  readonly pageMargins: readonly [number, number, number, number];
  readonly version: '1.7';
  readonly language: string;
  readonly displayTitle: boolean;
  /** `creationDate` is part of the file: it comes from what is printed, never from the clock. */
  readonly info: {
    readonly title: string;
    readonly subject: string;
    readonly creator: string;
    readonly producer: string;
    readonly creationDate: Date;
  };
  readonly defaultStyle: PdfLook;
  readonly content: readonly PdfContent[];
  readonly footer: (page: number, pages: number) => PdfContent;
}
