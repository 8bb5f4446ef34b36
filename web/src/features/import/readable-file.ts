import { ApiError } from '../../transport/api-error';

/** As the server allows: told before the file has travelled. */
const largestBytes = 64 * 1024 * 1024;

const spreadsheets = /\.(xlsx?|xlsm|ods|numbers)$/i;

/** Why a file cannot be imported, in the server's own terms, where that shows without sending it. */
export function findFileRefusal(file: File): ApiError | undefined {
  if (spreadsheets.test(file.name)) return refused('file-spreadsheet');
  if (file.size === 0) return refused('file-empty');
  if (file.size > largestBytes) return refused('file-too-large');
  return undefined;
}

function refused(code: string): ApiError {
  return new ApiError('import-unreadable', 422, 'This file cannot be imported.', undefined, { file: code });
}
