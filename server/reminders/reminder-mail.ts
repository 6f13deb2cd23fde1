/** A reminder as a mail: what is owed, of which agreement, and where it is done. */
import { reminderTerms } from '../contract/reminders.ts';
import { escaped, mailHtml } from '../platform/mail-html.ts';
import { headerText, type Mail } from '../platform/mailer.ts';
import type { OwedStep } from './owed-step.ts';

export function reminderMail(
  { kind, agreement, what }: Pick<OwedStep, 'kind' | 'agreement' | 'what'>,
  link: string,
): Pick<Mail, 'subject' | 'text' | 'html'> {
  const about = `Agreement: ${headerText(agreement.title)}`;
  const why = `You are reminded as one of those who are named in the agreement, on stated days (${reminderTerms[kind].title.toLowerCase()}), until it is done.`;
  return {
    subject: `Reminder: ${headerText(agreement.title)}: ${headerText(what)}`,
    text: [what, '', about, '', `Where it is done: ${link}`, '', why, ''].join('\n'),
    html: mailHtml([
      `<p style="margin:0 0 4px;font-size:19px;font-weight:600">${escaped(what)}</p>`,
      `<p style="margin:0 0 16px;color:#4a5563">${escaped(about)}</p>`,
      `<p style="margin:16px 0">Where it is done: <a href="${escaped(link)}">${escaped(link)}</a></p>`,
      `<p style="margin:0;color:#4a5563;font-size:12px">${escaped(why)}</p>`,
    ]),
  };
}
