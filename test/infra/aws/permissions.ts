import type { Template } from 'aws-cdk-lib/assertions'
import * as t from 'io-ts'

const Statement = t.type({
  Effect: t.string,
  Action: t.union([t.string, t.array(t.string)]),
  Resource: t.unknown,
})
const Policy = t.type({
  PolicyDocument: t.type({ Statement: t.array(Statement) }),
  Roles: t.array(t.unknown),
})

/** What resources are called here, by what is in their ARNs. The first that fits counts. */
const NAMES: ReadonlyArray<readonly [string, RegExp]> = [
  ['index by time', /index\/by-time/],
  ['stream of events', /StreamArn/],
  ['events', /eventstoreevents/],
  ['requests', /eventstorerequests/],
  ['reservations', /eventstorereservations/],
  ['snapshots', /eventstoresnapshots/],
  ['subject keys', /personaldatasubjectkeys/],
  ['personal key', /personaldatapersonalkey/],
  ['signing key', /signingkeys/],
  ['data key', /datakey/],
  ['commits', /commits/],
  ['bus', /GetAttbus/],
  ['objects', /daybook-objects/],
  ['trail', /daybook-trail/],
  ['exports', /daybook-exports/],
  ['failures', /daybook-failures/],
  ['flags', /\/configuration\//],
  ['search', /domain\/daybook-/],
  ['database as reader', /daybook_reader/],
  ['database as projector', /daybook_projector/],
  ['database as owner', /daybook_owner/],
  ['own log', /log[0-9A-F]{8}/],
  ['export-trail', /exporttraillive/],
  ['feeds', /feeds.*live/],
  ['everything', /^"\*"$/],
]

const nameOf = (arn: unknown): string => {
  const text = JSON.stringify(arn)
  const found = NAMES.find(([, pattern]) => pattern.test(text))
  if (found === undefined) throw new Error(`${text} is nothing that a function should know`)
  return found[0]
}

const listOf = (value: unknown): ReadonlyArray<unknown> => (Array.isArray(value) ? value : [value])

/** `action resource` of all that a role of the template, whose logical id begins so, may do. */
export const permissionsOf = (template: Template, role: string): ReadonlyArray<string> => {
  const granted = Object.values(template.findResources('AWS::IAM::Policy'))
    .map(({ Properties: properties }) => properties)
    .filter(Policy.is)
    .filter(({ Roles }) => JSON.stringify(Roles).includes(`"${role}`))
    .flatMap(({ PolicyDocument }) => PolicyDocument.Statement)
    .flatMap(({ Action, Resource }) =>
      listOf(Action).flatMap((action) => listOf(Resource).map((arn) => `${action} ${nameOf(arn)}`)),
    )
  return [...new Set(granted)].toSorted()
}
