import * as E from 'fp-ts/lib/Either.js'
import { expect, test } from 'vitest'
import { memoryEventStore } from '../../../infra/event-store/memory.ts'
import { CorruptCommit } from '../../../infra/event-store/port.ts'
import type { CommitScan } from '../../../infra/event-store/scan.ts'
import { memorySubjectKeys } from '../../../infra/privacy/memory.ts'
import { privateEventStore } from '../../../infra/privacy/private-event-store.ts'
import { privateCommits, privateScan } from '../../../infra/privacy/private-scan.ts'
import { draftOf } from '../../contracts/event-store.ts'
import { testStamp } from '../event-store/stamp.ts'
import { memoryScan } from '../rebuild/memory-scan.ts'

const privacy = { personal: new Map([['Happened', { subject: 'id', fields: ['id'] }]]), keys: memorySubjectKeys() }
const streamOf = (nth: number) => ({ tenant: 'acme', type: 'order', id: `order ${nth}` })
const datumOf = (nth: number) => ({ id: `customer ${nth % 7}` })

const book = async (commits: number) => {
  const plain = memoryEventStore(testStamp)
  const store = privateEventStore(plain, privacy)
  for (let nth = 0; nth < commits; nth += 1) {
    await store.append(store.emptyStream(streamOf(nth)), draftOf('c1', datumOf(nth)))
  }
  return plain.commits()
}

const RANGE = { segment: 0, of: 1, streamTypes: ['order'] }

test('a scan hands out opened commits in their places, beside those that cannot be trusted', async () => {
  const commits = await book(3)
  const corrupt = { stream: streamOf(9), version: 1, commit: E.left(new CorruptCommit(streamOf(9), 1, 'altered')) }
  const troubled: CommitScan = async function* (range) {
    for await (const page of memoryScan(() => commits)(range)) {
      yield { ...page, commits: page.commits.flatMap((each) => [corrupt, each]) }
    }
  }
  const pages = await Array.fromAsync(privateScan(troubled, privacy)(RANGE))
  const found = pages.flatMap((page) => page.commits)
  expect(found.filter(({ commit }) => E.isLeft(commit))).toEqual([corrupt, corrupt, corrupt])
  const opened = found.flatMap(({ commit }) => (E.isRight(commit) ? [commit.right] : []))
  expect(opened.map(({ events }) => events[0]?.data)).toEqual([0, 1, 2].map(datumOf))
  expect(opened.map(({ hash }) => hash).toSorted()).toEqual(commits.map(({ hash }) => hash).toSorted())
})

test('commits come opened, all of them and in their order', async () => {
  const commits = await book(1_203)
  const archived = async function* () {
    yield* commits
  }
  const opened = await Array.fromAsync(privateCommits(archived(), privacy))
  expect(opened.map(({ hash }) => hash)).toEqual(commits.map(({ hash }) => hash))
  expect(opened.map(({ events }) => events[0]?.data)).toEqual(commits.map((_, nth) => datumOf(nth)))
})
