import type { DeviceDirectory } from '../devices/device-directory';
import type { SealedStore } from '../devices/sealed-store';
import { type FileService, fileService } from './file-service';
import { type RoomGroupService, roomGroupService } from './group-service';
import { type GuestService, guestService } from './guests/guest-service';
import { type RoomService, roomService } from './room-service';
import type { IdentityFinder } from './room-session';
import { type SignalService, signalService } from './signal-service';

/** Who has which devices: the directory as this device has verified it; for guests, the room alone. */
export interface RoomDirectory extends IdentityFinder, Pick<DeviceDirectory, 'deviceOf'> {
  sync(): Promise<void>;
  onChange(listener: () => void): unknown;
}

/** What a room asks of the server, and where this browser keeps what is under way. */
export interface RoomLines {
  readonly rooms: Pick<RoomService, 'markRead'>;
  readonly signals: SignalService;
  readonly groups: RoomGroupService;
  readonly guests: GuestService;
  readonly files: FileService;
  /** Files on their way; null where none are sent. */
  readonly uploads: SealedStore | null;
}

export const memberLines: RoomLines = {
  rooms: roomService,
  signals: signalService,
  groups: roomGroupService,
  guests: guestService,
  files: fileService,
  uploads: null,
};
