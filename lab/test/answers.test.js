import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findOfferedAnswers, isExercise, splitLinks } from '../page/answers.js';

test('answers on one line each are found', () => {
  assert.deepEqual(findOfferedAnswers('Incendie.\nRépondez :\n1 = Je suis en sécurité\n2 = J’ai besoin d’aide'), [
    { digit: '1', words: 'Je suis en sécurité' },
    { digit: '2', words: 'J’ai besoin d’aide' },
  ]);
});

test('answers on a single line are found', () => {
  assert.deepEqual(findOfferedAnswers('Reply 1=I am safe, 2=I need help. http://tocsin.example/a/x'), [
    { digit: '1', words: 'I am safe' },
    { digit: '2', words: 'I need help' },
  ]);
});

test('a time of day is not an answer', () => {
  assert.deepEqual(findOfferedAnswers('Réunion à 9: salle de crise'), []);
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

test('an exercise is known by its first word in both languages', () => {
  assert.ok(isExercise('EXERCICE - Incendie'));
  assert.ok(isExercise('[EXERCISE] Fire'));
  assert.ok(!isExercise('Fin de l’EXERCICE'));
});
