import * as t from 'io-ts'
import { strict } from '../../schemas/strict.ts'
import { type Documents, documentsIn } from '../objects/documents.ts'
import type { ConditionalObjects } from '../objects/port.ts'
import { CorruptArchive } from './fault.ts'

const Part = strict({
  key: t.string,
  /** Of the object's bytes, hex. */
  sha256: t.string,
  /** Of the object, in bytes. */
  size: t.number,
  commits: t.number,
  first: t.string,
  last: t.string,
})

/** What an object of the archive holds: so many commits, ascending from the id `first` to the id `last`. */
export type Part = t.TypeOf<typeof Part>

/** The parts of one hour, by their first commits' ids. No commit is in two of them. */
export const Manifest = strict({ format: t.literal(1), hour: t.string, parts: t.readonlyArray(Part) })
export type Manifest = t.TypeOf<typeof Manifest>

/** The hours that have a manifest, ascending. */
export const Hours = strict({ format: t.literal(1), hours: t.readonlyArray(t.string) })
export type Hours = t.TypeOf<typeof Hours>

/** The tenants that it holds commits of, in order of their names. */
export const Tenants = strict({ format: t.literal(1), tenants: t.readonlyArray(t.string) })
export type Tenants = t.TypeOf<typeof Tenants>

/** The archive's documents: up to some 50,000 parts in a manifest, or 700,000 hours. They reject with `CorruptArchive`. */
export const archiveDocuments = (objects: ConditionalObjects): Documents =>
  documentsIn(objects, (key, reason) => new CorruptArchive(key, reason))
