-- The call of a room: its members join it. A room has one at most that is open.
ALTER TABLE meetings ADD COLUMN room_id uuid NULL;

CREATE UNIQUE INDEX ix_meetings_open_room ON meetings (room_id) WHERE room_id IS NOT NULL AND ended_at IS NULL;
