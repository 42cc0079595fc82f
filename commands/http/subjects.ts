import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import type { Erased, Erasure, NotErased } from '../../infra/privacy/erase.ts'
import { type Operation, operation } from '../../schemas/endpoint.ts'
import { type Problem, problem } from '../../schemas/problem.ts'
import { Nothing } from '../../schemas/requests/body.ts'
import { EraseSubject, IdPath } from '../../schemas/requests/commands.ts'
import { KeyId } from '../../schemas/subject-erased.ts'
import { ClientId } from '../../schemas/text.ts'
import { Instant } from '../../schemas/time.ts'

/** `rows`: of views, in which the pseudonym stands now. */
const SubjectForgotten = t.strict(
  { keyId: KeyId, pseudonym: ClientId, erasedAt: Instant, rows: t.number, abandonedReplays: t.readonlyArray(t.string) },
  'SubjectForgotten',
)

export type SubjectDependencies = {
  readonly erase: (erasure: Erasure) => Promise<E.Either<NotErased, Erased>>
}

const problemOf = (failure: NotErased): Problem => {
  switch (failure._tag) {
    case 'UnknownSubject':
      return problem(404, 'subject_not_found', 'No data are stored under a key of this person')
    case 'ReplayRunning':
      return problem(409, 'replay_running', 'The person’s key is destroyed, and views may still hold the name', {
        detail: `${failure.message}; then erase again.`,
      })
  }
}

/** `POST /v1/subjects/{id}/erasure`: forgets a customer. Doing it again finishes what was left undone. */
export const subjectOperations = ({ erase }: SubjectDependencies): ReadonlyArray<Operation> => [
  operation({
    method: 'POST',
    path: '/v1/subjects/{id}/erasure',
    operationId: 'eraseSubject',
    summary: 'Forget a customer: destroys the key of all that is stored about it. There is no way back',
    tag: 'Subjects',
    roles: ['admin'],
    headers: [],
    problems: [
      { status: 404, code: 'subject_not_found' },
      { status: 409, code: 'replay_running' },
      { status: 422, code: 'reason_names_subject' },
    ],
    params: IdPath,
    query: Nothing,
    body: EraseSubject,
    reply: { status: 200, description: 'Forgotten', body: SubjectForgotten },
    handle: async ({ caller: { tenant, subject: actor, roles }, params: { id }, body: { reason }, correlationId }) => {
      // The reason is kept for ever.
      if (reason.includes(id)) {
        return E.left(problem(422, 'reason_names_subject', 'The reason must not name whom it is to forget'))
      }
      const provenance = { actor: { subject: actor, roles }, correlationId, causationId: null }
      const erased = await erase({ tenant, subject: id, reason, ...provenance })
      return E.isLeft(erased) ? E.left(problemOf(erased.left)) : E.right({ status: 200, body: erased.right })
    },
  }),
]
