import { ulidTime } from '../ulids.ts'

/** Lists the hours that hold commits. */
export const HOURS_KEY = 'archive/hours.json'

/** Lists the tenants whose commits it holds. */
export const TENANTS_KEY = 'archive/tenants.json'

/** `YYYY-MM-DDTHH`, in UTC: the hour in which the writer gave a commit its id. Hours sort as their times do. */
export const hourOf = (commitId: string): string => new Date(ulidTime(commitId)).toISOString().slice(0, 13)

const folderOf = (hour: string): string => `archive/${hour.replaceAll(/[-T]/g, '/')}`

export const manifestKeyOf = (hour: string): string => `${folderOf(hour)}/manifest.json`

/** @param sha256 of the part's bytes, hex: writing a part again writes the same object. */
export const partKeyOf = (hour: string, firstCommitId: string, sha256: string): string =>
  `${folderOf(hour)}/${firstCommitId}-${sha256}.jsonl.gz`

const NAMES = /^[0-9A-Z]{26} [0-9a-f]{64}$/

/** Whether a part's key is the one that its hour, first id and hash give. */
export const isPartOf = (
  hour: string,
  { key, first, sha256 }: { readonly key: string; readonly first: string; readonly sha256: string },
): boolean => NAMES.test(`${first} ${sha256}`) && key === partKeyOf(hour, first, sha256)
