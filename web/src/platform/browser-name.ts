/** As the server names sessions (DeviceSummary). Order matters: Edge and Opera also say Chrome, Chrome also says Safari; Android also says Linux. */
const browsers = [
  ['Edg', 'Edge'],
  ['OPR/', 'Opera'],
  ['SamsungBrowser', 'Samsung Internet'],
  ['Firefox', 'Firefox'],
  ['FxiOS', 'Firefox'],
  ['Chrom', 'Chrome'],
  ['CriOS', 'Chrome'],
  ['Safari', 'Safari'],
] as const;
const systems = [
  ['Android', 'Android'],
  ['iPhone', 'iPhone'],
  ['iPad', 'iPad'],
  ['Windows', 'Windows'],
  ['CrOS', 'ChromeOS'],
  ['Mac OS X', 'macOS'],
  ['Linux', 'Linux'],
] as const;

/** A browser and its system in a few words ("Firefox, Android"), so that people can tell their devices apart. Nothing is decided by it. */
export function browserName(userAgent: string = navigator.userAgent): string {
  return [browsers, systems].flatMap((table) => table.find(([mark]) => userAgent.includes(mark))?.[1] ?? []).join(', ');
}
