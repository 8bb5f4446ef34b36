-- A person without a language of their own has the organisation's, also when that changes. So far it was copied when the person was added: whoever has the
-- organisation's of today is taken to have none of their own.
ALTER TABLE people ALTER COLUMN language DROP NOT NULL;

UPDATE people SET language = NULL
WHERE language = COALESCE((SELECT trim(both '"' FROM value) FROM settings WHERE key = 'organisation.language'), 'fr');
