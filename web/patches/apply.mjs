// Corrections of packages, made where they are installed: npm runs it after every installation, and the build once more. See docs/decisions/0101.
// Each is bound to the exact file it was written for: another version is refused, not guessed at.
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** @typedef {{ file: string, before: string, after: string, replacements: readonly (readonly [string, string])[] }} Patch `before` and `after` are SHA-256 of the whole file. */

/** @type {readonly Patch[]} */
export const patches = [
  {
    // RFC 9420 section 7.9: for a non-blank parent with an unmerged leaf, every non-blank node *between* the two has this leaf among its own unmerged ones.
    // As published, ts-mls 1.6.4 asks it also of the parent's ancestors, and that the lists be the same: valid trees are refused once a leaf is blanked and filled again.
    file: 'node_modules/ts-mls/dist/src/clientState.js',
    before: '63645bc3be6ec7f6d4f6d88af5c0b63e34f5e1fea693c62bd958d228b51b6f61',
    after: 'e086c281b27fe0e32b9dbfbfaba5e70bf5e6e918f1fe90631f2a1132d3d788aa',
    replacements: [
      [
        `                if (tree[nodeIndex]?.nodeType !== "leaf" && !dp.includes(toNodeIndex(i)))
`,
        `                if (tree[nodeIndex]?.nodeType !== "leaf" || !dp.includes(toNodeIndex(i)))
`,
      ],
      [
        `                for (const parentIdx of dp) {
                    const dpNode = tree[parentIdx];
                    if (dpNode !== undefined) {
                        if (dpNode.nodeType !== "parent")
                            return new InternalError("Expected parent node");
                        if (!arraysEqual(dpNode.parent.unmergedLeaves, n.parent.unmergedLeaves))
`,
        `                for (const parentIdx of dp) {
                    if (parentIdx === i)
                        break;
                    const dpNode = tree[parentIdx];
                    if (dpNode !== undefined) {
                        if (dpNode.nodeType !== "parent")
                            return new InternalError("Expected parent node");
                        if (!dpNode.parent.unmergedLeaves.includes(unmergedLeaf))
`,
      ],
    ],
  },
];

/** @param {string} text */
export function sha256(text) {
  return createHash('sha256').update(text).digest('hex');
}

/** @param {string} text @param {Patch} patch */
export function patched(text, { file, before, after, replacements }) {
  if (sha256(text) === after) return text;
  if (sha256(text) !== before) throw new Error(`${file} is not the file that its correction was written for`);
  const result = replacements.reduce((whole, [published, corrected]) => whole.replace(published, () => corrected), text);
  if (sha256(result) !== after) throw new Error(`${file} is not what its correction makes of it`);
  return result;
}

function applyAll() {
  for (const patch of patches) {
    const path = fileURLToPath(new URL(`../${patch.file}`, import.meta.url));
    const text = readFileSync(path, 'utf8');
    const result = patched(text, patch);
    if (result !== text) writeFileSync(path, result);
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) applyAll();
