import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findOfferedAnswers, isExercise, isWebAddress, splitLinks } from '../page/answers.js';

test('the answers of an SMS are found in both languages', () => {
  assert.deepEqual(findOfferedAnswers("ALERTE CHU: Incendie\nSortez.\nRépondez 1 À l'abri, 2 Besoin d'aide\nhttp://tocsin.example/a/x"), [
    { digit: '1', words: "À l'abri" },
    { digit: '2', words: "Besoin d'aide" },
  ]);
  assert.deepEqual(findOfferedAnswers('ALERT: Fire\nReply 1 Safe, if outside, 2 Help'), [
    { digit: '1', words: 'Safe, if outside' },
    { digit: '2', words: 'Help' },
  ]);
});

test('an SMS that asks for no answer offers none', () => {
  assert.deepEqual(findOfferedAnswers('FIN D\'ALERTE CHU: Incendie\nRéunion à 9 heures, salle 1'), []);
});

test('a web address becomes a link without the full stop after it', () => {
  assert.deepEqual(splitLinks('Voir https://tocsin.example/a/Zk3. Merci'), [
    { text: 'Voir ', link: false },
    { text: 'https://tocsin.example/a/Zk3', link: true },
    { text: '. Merci', link: false },
  ]);
});

test('an address that is not of the web is not a link', () => {
  assert.deepEqual(splitLinks('javascript:alert(1)'), [{ text: 'javascript:alert(1)', link: false }]);
});

test('only a web address can be opened', () => {
  assert.ok(isWebAddress('https://tocsin.example/a/x'));
  assert.ok(!isWebAddress('javascript:alert(1)'));
  assert.ok(!isWebAddress(null));
});

test('an exercise is known by its first word in both languages', () => {
  assert.ok(isExercise('EXERCICE - Incendie'));
  assert.ok(isExercise('[EXERCISE] Fire'));
  assert.ok(!isExercise('Fin de l’EXERCICE'));
});
