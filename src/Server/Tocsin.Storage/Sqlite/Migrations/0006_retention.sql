-- When what happened to each message and what people wrote was deleted; the alert, who it was for and their standing stay.
ALTER TABLE "alerts" ADD COLUMN "purged_at" INTEGER NULL;
