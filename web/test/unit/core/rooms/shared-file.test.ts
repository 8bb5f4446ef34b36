import { describe, expect, it } from 'vitest';
import { encodeContent, parseContent } from '../../../../src/core/rooms/room-content';
import { parseSharedFile, safeName, thumbnailAddress } from '../../../../src/core/rooms/shared-file';
import { utf8 } from '../../../../src/e2ee/bytes';

const file = { id: 'a'.repeat(32), key: 'b'.repeat(64), root: 'c'.repeat(64), size: 3, name: 'plan.pdf', type: 'application/pdf' };

describe('a file that a message carries', () => {
  it('is_read_as_it_was_written', () => {
    const content = { kind: 'message', text: '', file: { ...file, thumbnail: 'AAAA', seconds: 4.5 } } as const;
    expect(parseContent(encodeContent(content))).toEqual(content);
  });

  it('is_left_out_where_it_is_not_of_the_right_form_and_the_message_stays', () => {
    for (const wrong of [null, 'file', [], { ...file, id: 'A'.repeat(32) }, { ...file, key: 'b' }, { ...file, root: 5 }, { ...file, size: -1 }]) {
      expect(parseSharedFile(wrong)).toBeNull();
      expect(parseContent(utf8(JSON.stringify({ kind: 'message', text: 'words', file: wrong })))).toEqual({ kind: 'message', text: 'words' });
    }
    for (const size of [0.5, 2 ** 31 + 1, Number.NaN, '3']) expect(parseSharedFile({ ...file, size })).toBeNull();
    expect(parseSharedFile({ ...file, name: 'x'.repeat(256) })).toBeNull();
    expect(parseSharedFile({ ...file, type: 'text/html; charset=x', thumbnail: 'A'.repeat(40_001), seconds: -1 })).toEqual({ ...file, type: '' });
  });

  it.each([
    ['plan.pdf', 'plan.pdf'],
    ['../../etc/passwd', '_.._etc_passwd'],
    ['C:\\windows\\run.exe', 'C__windows_run.exe'],
    ['photo\u202egnp.exe', 'photognp.exe'],
    ['a\u0000b\nc\u200b.txt', 'abc.txt'],
    ['...', 'file'],
    ['', 'file'],
    ['.htaccess', 'htaccess'],
    ['<img onerror=1>', '_img onerror=1_'],
  ])('called_%j_is_kept_as_%j', (given, kept) => {
    expect(safeName(given)).toBe(kept);
  });

  it('keeps_the_ending_of_a_long_name', () => {
    const kept = safeName(`${'a'.repeat(240)}.exe`);
    expect(kept.length).toBeLessThanOrEqual(120);
    expect(kept.endsWith('.exe')).toBe(true);
  });

  it('is_shown_small_only_by_bytes_that_begin_as_a_picture', () => {
    const webp = btoa('RIFF\u0001\u0002\u0003\u0004WEBPVP8 ');
    expect(thumbnailAddress({ ...file, thumbnail: webp })).toBe(`data:image/webp;base64,${webp}`);
    for (const other of ['<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', '<html>', 'RIFF', '']) {
      expect(thumbnailAddress({ ...file, thumbnail: btoa(other) })).toBeUndefined();
    }
    expect(thumbnailAddress({ ...file, thumbnail: `${webp}" onerror="alert(1)` })).toBeUndefined();
    expect(thumbnailAddress(file)).toBeUndefined();
  });
});
