-- Somebody left in this era: the room owes a new one. How far each has read, sealed for the others.
ALTER TABLE "room_eras" ADD COLUMN "left_seq" bigint NULL;
ALTER TABLE "room_members" ADD COLUMN "receipt" bytea NULL;
