import { writeCsv } from '../../core/csv';
import { language, t } from '../../core/i18n/i18n.svelte';
import type { OpenRoom } from '../../core/rooms/rooms.svelte';
import { type CountedTraining, presenceOf } from '../../core/rooms/trainings/training-view';
import { nameIn } from '../common/rooms/room-names';

/** Rooms of trainings that this device has. */
export function trainingRooms(rooms: readonly OpenRoom[]): readonly OpenRoom[] {
  return rooms.filter((room) => room.view.purpose === 'training' && room.line !== 'gone');
}

/** Whoever is in the room and does not give the training. */
export function expectedIn(room: OpenRoom): readonly string[] {
  return room.members.filter(({ isAdministrator, isGuest }) => !isAdministrator && !isGuest).map(({ account }) => account);
}

export function countedOf(room: OpenRoom): CountedTraining {
  return { training: room.training, expected: expectedIn(room) };
}

/** Everybody on the sheet, by name: who is expected, and who was noted and is in the room no more. */
export function onSheet(room: OpenRoom): readonly string[] {
  const all = [...new Set([...expectedIn(room), ...room.training.words.keys()])];
  return all.sort((one, other) => nameIn(room.view, one).localeCompare(nameIn(room.view, other), language()));
}

/** A table is read by a spreadsheet of its reader's language. */
export function asCsv(lines: readonly (readonly string[])[]): string {
  return writeCsv(lines, language() === 'fr' ? ';' : ',');
}

export function sheetCsv(room: OpenRoom): string {
  const { terms } = room.training;
  const head = [
    t('trainings.form.title'),
    t('trainings.when'),
    t('trainings.person'),
    t('trainings.state'),
    t('trainings.said.by'),
    t('trainings.sheet.note'),
  ];
  const lines = onSheet(room).map((account) => {
    const word = presenceOf(room.training, account);
    return [
      terms?.title ?? '',
      terms?.at ?? '',
      nameIn(room.view, account),
      t(`trainings.presence.${word?.presence ?? 'unknown'}`),
      word === null ? '' : nameIn(room.view, word.author),
      word?.note ?? '',
    ];
  });
  return asCsv([head, ...lines]);
}
