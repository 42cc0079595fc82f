import { describe, expect, test } from 'vitest'
import { productIndexesContract } from '../../contracts/product-indexes.ts'
import { freshName, opensearchUrl } from '../../engines/engines.ts'
import { onOpenSearch, searchEngines } from './indexes-under-test.ts'

for (const [name, make] of searchEngines) productIndexesContract(name, make)

const node = opensearchUrl()

describe.runIf(node !== null)('the indexes on OpenSearch', () => {
  const answerOf = async (path: string): Promise<object> => {
    const answer: unknown = await (await fetch(new URL(path, node ?? ''))).json()
    if (typeof answer !== 'object' || answer === null) throw new Error(`${path} is no object`)
    return answer
  }

  test('are never more than two after a switch, and each stands under one alias', async () => {
    const prefix = `${freshName('switching')}-`
    const { indexes, close } = await onOpenSearch(prefix)
    for (let round = 0; round < 3; round += 1) {
      await indexes.createNext()
      await indexes.finishNext()
      await indexes.serveNext()
    }
    const standing = Object.values(await answerOf(`/${prefix}*/_alias`))
    expect(new Set(standing.map(({ aliases }) => Object.keys(aliases)))).toEqual(
      new Set([[`${prefix}products`], [`${prefix}products-previous`]]),
    )
    await close()
  })

  test('are filled without refreshes and replicas, and serve with them', async () => {
    const prefix = `${freshName('settings')}-`
    const { indexes, close } = await onOpenSearch(prefix)
    const settings = async (alias: string) => {
      const [index] = Object.values(await answerOf(`/${alias}/_settings`))
      const { refresh_interval, auto_expand_replicas } = index.settings.index
      return { refresh_interval, auto_expand_replicas }
    }
    const serving = await settings(`${prefix}products`)
    await indexes.createNext()
    expect(await settings(`${prefix}products-next`)).toEqual({ refresh_interval: '-1', auto_expand_replicas: 'false' })
    await indexes.finishNext()
    expect(await settings(`${prefix}products-next`)).toEqual(serving)
    await close()
  })
})
