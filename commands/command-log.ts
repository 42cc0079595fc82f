import { hash } from 'node:crypto'
import { type Commit, type EventStore, lastVersion, type StreamName } from '../infra/event-store/port.ts'
import { type CommandPage, PAGE_SIZE } from '../infra/snapshots/port.ts'

/** What the answer to a command is made of. */
export type Applied = {
  readonly commandId: string
  /** See `Commit.fingerprint`. */
  readonly fingerprint: string
  readonly commitId: string
  /** Version of the last event of its commit. */
  readonly version: number
}

export type Finding =
  | { readonly _tag: 'Never' }
  | { readonly _tag: 'Applied'; readonly applied: Applied }
  /** One of these pages holds an id that is shortened alike; the commits themselves tell. */
  | { readonly _tag: 'Perhaps'; readonly pages: ReadonlyArray<CommandPage> }

/**
 * Which commands a stream has applied, from its first commit on. It only grows, and only by commits that are stored, so what it
 * finds is true whatever position its reader holds.
 */
export type CommandLog = {
  /** Version of the last event that it knows of; 0 when it knows none. */
  readonly through: () => number
  /** Takes the commit that comes next; one that it knows is ignored. */
  readonly add: (commit: Commit) => void
  readonly find: (commandId: string) => Finding
  /** All of it, shortened. All pages but the last are full, and a full page of a stream is the same whoever makes it. */
  readonly pages: () => ReadonlyArray<CommandPage>
}

/** Newest commits whose commands are known in full, so that a retry that comes soon is answered without reading. */
const RECENT = 128

/** The first 32 bits of the SHA-256. */
const shortened = (commandId: string): number => Number.parseInt(hash('sha256', commandId).slice(0, 8), 16) | 0

const appliedBy = (commit: Commit): Applied => {
  const { commandId, fingerprint, commitId } = commit
  return { commandId, fingerprint, commitId, version: lastVersion(commit) }
}

type Growing = { readonly after: number; through: number; readonly ids: number[] }

const grow = (pages: Growing[], { commandId, version }: Applied): void => {
  const last = pages.at(-1)
  const page =
    last !== undefined && last.ids.length < PAGE_SIZE ? last : { after: last?.through ?? 0, through: 0, ids: [] }
  if (page !== last) pages.push(page)
  page.ids.push(shortened(commandId))
  page.through = version
}

const copyOf = ({ after, through, ids }: CommandPage): Growing => ({ after, through, ids: [...ids] })

/** @param known all commits of the stream up to some version, as `pages` once answered them. */
export const commandLog = (known: ReadonlyArray<CommandPage> = []): CommandLog => {
  const older = known.map(copyOf)
  const recent: Applied[] = []
  const byId = new Map<string, Applied>()
  let through = known.at(-1)?.through ?? 0
  const forgetOldest = (): void => {
    const oldest = recent.shift()
    if (oldest === undefined) return
    grow(older, oldest)
    if (byId.get(oldest.commandId) === oldest) byId.delete(oldest.commandId)
  }
  return {
    through: () => through,
    add: (commit) => {
      const applied = appliedBy(commit)
      if (applied.version <= through) return
      recent.push(applied)
      byId.set(applied.commandId, byId.get(applied.commandId) ?? applied)
      through = applied.version
      if (recent.length > RECENT) forgetOldest()
    },
    find: (commandId) => {
      const applied = byId.get(commandId)
      if (applied !== undefined) return { _tag: 'Applied', applied }
      if (older.length === 0) return { _tag: 'Never' }
      const id = shortened(commandId)
      const pages = older.filter(({ ids }) => ids.includes(id))
      return pages.length === 0 ? { _tag: 'Never' } : { _tag: 'Perhaps', pages }
    },
    pages: () => {
      const all = older.map(copyOf)
      for (const applied of recent) grow(all, applied)
      return all
    },
  }
}

/** The commit of a command, wherever in the stream it is; read from the stream only when its shortened id is known. */
export const appliedIn = async (
  store: Pick<EventStore, 'read'>,
  stream: StreamName,
  commands: CommandLog,
  commandId: string,
): Promise<Applied | undefined> => {
  const finding = commands.find(commandId)
  switch (finding._tag) {
    case 'Never':
      return undefined
    case 'Applied':
      return finding.applied
    case 'Perhaps':
      for (const { after, through } of finding.pages) {
        for await (const { commit } of store.read(stream, { after, through })) {
          if (commit.commandId === commandId) return appliedBy(commit)
        }
      }
      return undefined
  }
}
