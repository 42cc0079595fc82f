import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'

const PSEUDONYM = /^erased-[0-9a-f]{16}$/

/** Whether this stands for a person who was forgotten: one name for all that is left of one person. */
export const isPseudonym = (value: unknown): boolean => typeof value === 'string' && PSEUDONYM.test(value)

/** Text about a person. Takes what its codec takes, and the pseudonym that stands in its place once the person is forgotten. */
class PersonalType extends t.Type<string, unknown, unknown> {
  /** Whether it is the person's id, which tells whom all personal fields beside it are about. */
  readonly namesSubject: boolean
  constructor({ name, is, validate }: t.Type<string, string, unknown>, namesSubject: boolean) {
    super(
      `Personal${name}`,
      (input): input is string => is(input) || isPseudonym(input),
      (input, context) => (typeof input === 'string' && isPseudonym(input) ? E.right(input) : validate(input, context)),
      t.identity,
    )
    this.namesSubject = namesSubject
  }
}

/** Marks a field of an event's data as personal: it is stored under the key of the person whom the event names (`subjectId`). */
export const personal = (codec: t.Type<string, string, unknown>): PersonalType => new PersonalType(codec, false)

/** Marks the id of the person whom an event is about, which is personal itself. Where it is null, the event is about nobody. */
export const subjectId = (codec: t.Type<string, string, unknown>): PersonalType => new PersonalType(codec, true)

/** Which field of an event's data names the person whom it is about, and which fields are personal, that one among them. */
export type PersonalFields = { readonly subject: string; readonly fields: ReadonlyArray<string> }

const personalIn = (codec: t.Mixed): PersonalType | undefined => {
  if (codec instanceof PersonalType) return codec
  const parts: ReadonlyArray<t.Mixed> = codec instanceof t.UnionType ? codec.types : []
  return parts.map(personalIn).find((found) => found !== undefined)
}

/** What in these properties is marked as personal. Throws `TypeError`, while modules load, unless it is about exactly one person. */
export const personalFieldsOf = (name: string, props: t.Props): PersonalFields | undefined => {
  const marked = Object.entries(props).flatMap(([field, codec]) => {
    const found = personalIn(codec)
    return found === undefined ? [] : [{ field, namesSubject: found.namesSubject }]
  })
  if (marked.length === 0) return undefined
  const [subject, ...others] = marked.filter(({ namesSubject }) => namesSubject)
  if (subject === undefined || others.length > 0) throw new TypeError(`${name} must name one person whom it is about`)
  return { subject: subject.field, fields: marked.map(({ field }) => field) }
}

/** By type of event: what in it is personal, in whatever schema version. */
export type PersonalData = ReadonlyMap<string, PersonalFields>

type Marked = { readonly eventType: string; readonly personal: PersonalFields | undefined }

/** What is personal in these events, of which several may be versions of one. Throws `TypeError` where those name different people. */
export const personalDataIn = (events: ReadonlyArray<Marked>): PersonalData => {
  const found = new Map<string, PersonalFields>()
  for (const { eventType, personal } of events) {
    if (personal === undefined) continue
    const known = found.get(eventType) ?? personal
    if (known.subject !== personal.subject) throw new TypeError(`versions of ${eventType} name different people`)
    found.set(eventType, { subject: known.subject, fields: [...new Set([...known.fields, ...personal.fields])] })
  }
  return found
}
