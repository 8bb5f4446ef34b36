-- A person without a language of their own has the organisation's, also when that changes. So far it was copied when the person was added: whoever has the
-- organisation's of today is taken to have none of their own.
ALTER TABLE "people" ADD COLUMN "own_language" TEXT NULL;

UPDATE "people" SET "own_language" = "language"
WHERE "language" <> COALESCE((SELECT trim("value", '"') FROM "settings" WHERE "key" = 'organisation.language'), 'fr');

ALTER TABLE "people" DROP COLUMN "language";

ALTER TABLE "people" RENAME COLUMN "own_language" TO "language";
