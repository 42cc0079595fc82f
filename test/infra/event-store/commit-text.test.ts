import fc from 'fast-check'
import { expect, test } from 'vitest'
import { jcs } from '../../../infra/event-store/canonical.ts'
import { seal } from '../../../infra/event-store/commit.ts'
import { textOf } from '../../../infra/event-store/hash.ts'
import { emptyStream } from '../../../infra/event-store/position.ts'
import { stampAt } from './stamp.ts'
import { storableJson } from './storable-json.ts'

test('the text of a commit is its RFC 8785 form, whatever order the keys of its events have', () => {
  fc.assert(
    fc.property(storableJson, fc.option(fc.string(), { nil: undefined }), (data, client) => {
      const { commit } = seal(
        emptyStream({ tenant: 'acme', type: 'order', id: 'one' }),
        {
          commandId: 'c',
          fingerprint: 'f',
          actor: { subject: 'alice', roles: ['admin'], ...(client !== undefined && { client }) },
          correlationId: 'r',
          causationId: null,
          events: [{ type: 'Noted', schemaVersion: 1, data }],
        },
        stampAt(() => new Date(0)),
      )
      expect(textOf(commit)).toBe(jcs(commit))
    }),
  )
})
