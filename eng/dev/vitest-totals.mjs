// Prints "TOTAL WRONG" of a vitest JSON report. A file that could not be loaded has no tests to count, so it counts as one that failed.
import { readFileSync } from 'node:fs';

const report = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const broken = report.testResults.filter((file) => file.status === 'failed' && file.assertionResults.length === 0).length;
console.log(report.numTotalTests + broken, report.numTotalTests - report.numPassedTests + broken);
