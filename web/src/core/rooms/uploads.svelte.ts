import { utf8 } from '../../e2ee/bytes';
import { type FileStaging, openFileStaging, uploadFolder } from '../../platform/file-staging';
import { makeThumbnail } from '../../platform/thumbnail';
import { ApiError } from '../../transport/api-error';
import { accountOf, personOf } from '../devices/account-bytes';
import type { SealedStore } from '../devices/sealed-store';
import { wait } from './download';
import { type KeptUpload, LostFileError, newSharedFile, send, stage, type UploadSurroundings } from './file-upload';
import type { OpenRoom } from './rooms.svelte';
import { longestThumbnail, type SharedFile } from './shared-file';

export type UploadState = 'queued' | 'sealing' | 'sending' | 'waiting' | 'failed' | 'lost';

/** A file on its way into a room. */
export class Upload {
  state = $state<UploadState>('queued');
  /** Bytes sealed, then bytes sent. */
  done = $state(0);
  failure = $state.raw<ApiError | undefined>();
  controller = new AbortController();

  constructor(
    public file: SharedFile,
    public source: Blob | null,
    readonly replyTo: string | undefined,
  ) {}
}

/** So many at once; the others wait their turn. */
const mostAtOnce = 2;
const mostKept = 20;

/** The files of one room that are on their way. They go on while one looks at another page, and after a reload from what was sealed onto this browser's disk. */
export class RoomUploads {
  list = $state.raw<readonly Upload[]>([]);
  private running = 0;
  private staging: Promise<FileStaging | null> | undefined;
  private keeping: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly room: OpenRoom,
    private readonly store: SealedStore,
  ) {
    void this.resume();
  }

  /** Begins to send; what is more than can be sent at once is not taken. @returns How many were taken. */
  async add(files: readonly Blob[], options: { readonly replyTo?: string | undefined; readonly seconds?: number } = {}): Promise<number> {
    const taken = files.slice(0, Math.max(0, mostKept - this.list.length));
    for (const blob of taken) {
      const name = blob instanceof File ? blob.name : '';
      const thumbnail = await makeThumbnail(blob, Math.floor(longestThumbnail * 0.74));
      try {
        this.put(
          new Upload(
            newSharedFile({ name, type: blob.type.split(';')[0] ?? '', size: blob.size }, thumbnail, options.seconds),
            blob,
            options.replyTo,
          ),
        );
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        const refused = new Upload({ id: crypto.randomUUID(), key: '', root: '', size: blob.size, name, type: '' }, null, undefined);
        [refused.state, refused.failure] = ['failed', error];
        this.list = [...this.list, refused];
      }
    }
    this.next();
    return taken.length;
  }

  /** Also of what failed. Whatever the server has of it goes. */
  async cancel(upload: Upload): Promise<void> {
    upload.controller.abort();
    this.list = this.list.filter((one) => one !== upload);
    await this.forget(upload);
    if (upload.file.key !== '') await this.room.lines.files.discard(this.room.id, personOf(accountOf(upload.file.id))).catch(ignoreRefusal);
  }

  retry(upload: Upload): void {
    upload.controller = new AbortController();
    upload.failure = undefined;
    upload.state = 'queued';
    waiting.add(upload);
    this.next();
  }

  /** What an earlier page left. */
  private async resume(): Promise<void> {
    const staging = await this.open();
    const kept = await this.readKept();
    for (const { file, replyTo } of kept) {
      if (this.list.some((one) => one.file.id === file.id)) continue;
      const upload = new Upload(file, null, replyTo);
      if (file.root === '' || (await staging?.read(file.id)) === null) {
        // Sealed only in part: the person still has the file, this browser has not.
        upload.state = 'lost';
        this.list = [...this.list, upload];
      } else this.put(upload);
    }
    this.next();
  }

  private put(upload: Upload): void {
    waiting.add(upload);
    this.list = [...this.list, upload];
  }

  private next(): void {
    for (const upload of this.list) {
      if (this.running >= mostAtOnce) return;
      if (!waiting.delete(upload)) continue;
      this.running++;
      void this.run(upload).finally(() => {
        this.running--;
        this.next();
      });
    }
  }

  private async run(upload: Upload): Promise<void> {
    const { signal } = upload.controller;
    const surroundings: UploadSurroundings = { room: this.room.id, service: this.room.lines.files, staging: await this.open(), pause: wait };
    const progress = (state: UploadState, done: number): void => {
      upload.state = state;
      if (state !== 'waiting') upload.done = done;
    };
    try {
      await this.alone(upload, async () => {
        await this.keep(upload);
        if (upload.file.root === '' && upload.source !== null) {
          upload.file = (await stage(upload.file, upload.source, surroundings, signal, progress)) ?? upload.file;
          await this.keep(upload);
        }
        if (!this.isInRoom(upload.file)) {
          const sent = await send(upload.file, upload.source, surroundings, signal, progress);
          signal.throwIfAborted();
          await this.room.write({ kind: 'message', text: '', file: sent, ...(upload.replyTo === undefined ? {} : { replyTo: upload.replyTo }) });
        }
        await this.forget(upload);
        this.list = this.list.filter((one) => one !== upload);
      });
    } catch (error) {
      if (signal.aborted) return;
      if (error instanceof LostFileError) upload.state = 'lost';
      else {
        upload.state = 'failed';
        upload.failure = error instanceof ApiError ? error : new ApiError('file-unreadable', 0, 'The file can not be read.');
      }
    }
  }

  /** A page that was loaded anew may find it in the room already, or waiting to be written. */
  private isInRoom({ id }: SharedFile): boolean {
    return (
      this.room.timeline.some((one) => one.kind === 'message' && one.message.file?.id === id) ||
      this.room.waiting.some((content) => content.kind === 'message' && content.file?.id === id)
    );
  }

  /** Another window of this browser may be sending it: then this one waits until it has ended. */
  private async alone(upload: Upload, work: () => Promise<void>): Promise<void> {
    if (navigator.locks === undefined) return work();
    await navigator.locks.request<Promise<void>>(`tocsin-upload-${upload.file.id}`, { signal: upload.controller.signal }, work);
  }

  private open(): Promise<FileStaging | null> {
    return (this.staging ??= openFileStaging(uploadFolder));
  }

  private keep(upload: Upload): Promise<void> {
    const { file, replyTo } = upload;
    return this.changeKept((kept) => [...kept.filter((one) => one.file.id !== file.id), { file, ...(replyTo === undefined ? {} : { replyTo }) }]);
  }

  private async forget({ file }: Upload): Promise<void> {
    await this.changeKept((kept) => kept.filter((one) => one.file.id !== file.id));
    await (await this.open())?.remove(file.id);
  }

  private changeKept(change: (kept: readonly KeptUpload[]) => readonly KeptUpload[]): Promise<void> {
    const write = async (): Promise<void> => this.store.write(new Map([[this.name, utf8(JSON.stringify(change(await this.readKept())))]]));
    const next = this.keeping.then(write, write);
    this.keeping = next;
    return next;
  }

  private async readKept(): Promise<readonly KeptUpload[]> {
    const bytes = await this.store.read(this.name);
    return bytes === null ? [] : (JSON.parse(new TextDecoder().decode(bytes)) as KeptUpload[]);
  }

  private get name(): string {
    return `room/${this.room.id.replaceAll('-', '')}/uploads`;
  }
}

/** Not begun, or to be tried again. */
const waiting = new WeakSet<Upload>();

const known = new WeakMap<OpenRoom, RoomUploads>();

/** The same for all that show the room. Undefined where this browser sends none. */
export function uploadsOf(room: OpenRoom): RoomUploads | undefined {
  const store = room.lines.uploads;
  if (store === null) return undefined;
  const uploads = known.get(room) ?? new RoomUploads(room, store);
  known.set(room, uploads);
  return uploads;
}

/** What the server kept of it goes by itself where it cannot be told now. */
function ignoreRefusal(error: unknown): void {
  if (!(error instanceof ApiError)) throw error;
}
