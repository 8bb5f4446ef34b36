/** What the navigation says of rooms; apart from them, so that the first page does not wait for their cryptography. */
class RoomCounts {
  /** Messages of others that were not read, in all rooms. */
  unread = $state(0);
}

export const roomCounts = new RoomCounts();
