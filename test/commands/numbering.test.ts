import * as E from 'fp-ts/lib/Either.js'
import { expect, test } from 'vitest'
import { numbering, type Use } from '../../commands/numbering.ts'

const sequence = { tenant: 'acme', name: 'invoice' }
const without = numbering(() => async () => {})

const used = async (number: number): Promise<Use<number>> => ({ _tag: 'Used', result: number })

/** Lets everything go on that can go on. */
const settle = async (): Promise<void> => {
  for (let i = 0; i < 20; i += 1) await Promise.resolve()
}

test('writers of one sequence take turns in the order in which they asked', async () => {
  const { next } = numbering(() => async () => {})
  const log: string[] = []
  const slowly = (name: string) => async (number: number) => {
    log.push(`${name} begins with ${number}`)
    await settle()
    log.push(`${name} ends`)
    return used(number)
  }
  await Promise.all([next(sequence, slowly('a')), next(sequence, slowly('b'))])
  expect(log).toEqual(['a begins with 1', 'a ends', 'b begins with 2', 'b ends'])
})

test('other sequences, and other tenants’, are not waited for', async () => {
  const { next } = numbering(() => async () => {})
  void next(sequence, () => new Promise<never>(() => {}))
  expect(await next({ ...sequence, name: 'ticket' }, used)).toEqual(E.right(1))
  expect(await next({ ...sequence, tenant: 'other' }, used)).toEqual(E.right(1))
})

test('a number that was not used goes to the next writer, also when the writer broke', async () => {
  const { next } = numbering(() => async () => {})
  expect(await next(sequence, async () => ({ _tag: 'Unused', result: 'rejected' }))).toEqual(E.right('rejected'))
  await expect(next(sequence, () => Promise.reject(new Error('broken')))).rejects.toThrow('broken')
  expect(await next(sequence, used)).toEqual(E.right(1))
  expect(await next(sequence, used)).toEqual(E.right(2))
})

test('a lost race is tried again at once with the newest number, and with a pause only when that is lost too', async () => {
  const log: Array<number | 'pause'> = []
  const { next } = numbering(() => async () => {
    log.push('pause')
  })
  const others = [7, 8, 12]
  const taken = await next(sequence, async (number) => {
    log.push(number)
    const last = others.shift()
    return last === undefined ? used(number) : { _tag: 'Moved', last }
  })
  expect(taken).toEqual(E.right(13))
  expect(log).toEqual([1, 8, 'pause', 9, 13])
  expect(await next(sequence, used)).toEqual(E.right(14))
})

test('a writer that loses every race is told so, and the next one is not kept waiting', async () => {
  const { next } = numbering(() => async () => {})
  const lost = await next<never>(sequence, async (number) => ({ _tag: 'Moved', last: number }))
  expect(lost).toEqual(E.left({ _tag: 'Contended', attempts: 30 }))
  expect(await next(sequence, used)).toEqual(E.right(31))
})

test('a sequence’s name is checked before anybody waits', () => {
  expect(() => without.next({ tenant: 'acme', name: 'a#b' }, used)).toThrow(TypeError)
})
