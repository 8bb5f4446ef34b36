import PostalMime from 'postal-mime';

/**
 * A mail as the person reads it.
 * @typedef {object} ReadMail
 * @property {string} sender "Name <address>", decoded; empty where there is none.
 * @property {string} subject
 * @property {string} text
 * @property {string} html
 * @property {Record<string, string>} headers Decoded; names in lower case; of several of one name the last.
 */

/**
 * @param {Buffer} raw
 * @returns {Promise<ReadMail>}
 */
export async function readMail(raw) {
  const mail = await PostalMime.parse(raw);
  return {
    sender: mail.from ? `${mail.from.name ?? ''} <${mail.from.address ?? ''}>`.trim() : '',
    subject: mail.subject ?? '',
    text: mail.text ?? '',
    html: mail.html ?? '',
    headers: Object.fromEntries(mail.headers.map(({ key, value }) => [key, value])),
  };
}
