import * as t from 'io-ts'
import { BoundedArrayType } from '../../schemas/bounded-array.ts'
import { DescribedType, type JsonSchema } from '../../schemas/text.ts'

/** A codec that JSON Schema cannot be told of; describe it (schemas/text.ts) or build it from parts that can. */
export class UndescribableCodec extends Error {
  override readonly name = 'UndescribableCodec'
}

type Describe = (codec: t.Mixed) => JsonSchema

const typeOf = (codec: t.Mixed): JsonSchema | undefined => {
  if (codec instanceof DescribedType) return codec.jsonSchema
  if (codec instanceof t.NullType) return { type: 'null' }
  if (codec instanceof t.StringType) return { type: 'string' }
  if (codec instanceof t.NumberType) return { type: 'number' }
  if (codec instanceof t.BooleanType) return { type: 'boolean' }
  if (codec instanceof t.UnknownType) return {}
  if (codec instanceof t.LiteralType) return { const: codec.value }
  if (codec instanceof t.KeyofType) return { type: 'string', enum: Object.keys(codec.keys) }
  return undefined
}

type ObjectSchema = {
  readonly type: 'object'
  readonly properties: { readonly [name: string]: JsonSchema }
  readonly required?: ReadonlyArray<string>
}

const objectOf = (props: t.Props, required: ReadonlyArray<string>, describe: Describe): ObjectSchema => ({
  type: 'object',
  properties: Object.fromEntries(Object.entries(props).map(([name, codec]) => [name, describe(codec)])),
  ...(required.length > 0 && { required }),
})

const partsOf = (codec: t.Mixed): ReadonlyArray<t.Mixed> =>
  codec instanceof t.IntersectionType ? codec.types.flatMap(partsOf) : [codec]

/**
 * The codec as one object, when that is what it is: a record of properties, or an intersection of such.
 * Unknown properties are left open, because the codecs drop them and do not refuse them.
 */
export const objectSchemaOf = (codec: t.Mixed, describe: Describe): ObjectSchema | undefined => {
  if (codec instanceof t.ExactType || codec instanceof t.ReadonlyType) return objectSchemaOf(codec.type, describe)
  if (codec instanceof t.InterfaceType) return objectOf(codec.props, Object.keys(codec.props), describe)
  if (codec instanceof t.PartialType) return objectOf(codec.props, [], describe)
  if (!(codec instanceof t.IntersectionType)) return undefined
  const parts = partsOf(codec).map((part) => objectSchemaOf(part, describe))
  if (!parts.every((part) => part !== undefined)) return undefined
  const required = parts.flatMap((part) => part.required ?? [])
  return {
    type: 'object',
    properties: Object.assign({}, ...parts.map(({ properties }) => properties)),
    ...(required.length > 0 && { required: [...new Set(required)] }),
  }
}

const compoundOf = (codec: t.Mixed, describe: Describe): JsonSchema | undefined => {
  if (codec instanceof t.ExactType || codec instanceof t.ReadonlyType) return describe(codec.type)
  if (codec instanceof BoundedArrayType) {
    return { type: 'array', items: describe(codec.type), minItems: codec.minItems, maxItems: codec.maxItems }
  }
  if (codec instanceof t.ArrayType || codec instanceof t.ReadonlyArrayType) {
    return { type: 'array', items: describe(codec.type) }
  }
  if (codec instanceof t.UnionType) return { anyOf: codec.types.map(describe) }
  if (codec instanceof t.IntersectionType) return { allOf: codec.types.map(describe) }
  if (codec instanceof t.DictionaryType) {
    return { type: 'object', propertyNames: describe(codec.domain), additionalProperties: describe(codec.codomain) }
  }
  return undefined
}

const describeInline = (codec: t.Mixed, describe: Describe): JsonSchema => {
  const schema = typeOf(codec) ?? objectSchemaOf(codec, describe) ?? compoundOf(codec, describe)
  if (schema === undefined) throw new UndescribableCodec(`JSON Schema cannot describe the codec ${codec.name}`)
  return schema
}

/** Names that authors gave; those that io-ts makes up hold brackets, bars or lower-case beginnings. */
const GIVEN_NAME = /^[A-Z][A-Za-z0-9]*$/

export type Schemas = {
  /** A reference for a codec with a name of its own, else the schema itself. Throws `UndescribableCodec`. */
  readonly describe: Describe
  /** What was referred to so far, by name. */
  readonly components: () => { readonly [name: string]: JsonSchema }
}

/**
 * JSON Schemas (2020-12) of io-ts codecs, as they take their input. Codecs with a given name become components under
 * `#/components/schemas`; the same name on two different schemas throws.
 */
export const schemas = (): Schemas => {
  const named = new Map<string, JsonSchema>()
  const describe: Describe = (codec) => {
    const schema = describeInline(codec, describe)
    if (!GIVEN_NAME.test(codec.name)) return schema
    const known = named.get(codec.name)
    if (known !== undefined && JSON.stringify(known) !== JSON.stringify(schema)) {
      throw new UndescribableCodec(`two different codecs are named ${codec.name}`)
    }
    named.set(codec.name, schema)
    return { $ref: `#/components/schemas/${codec.name}` }
  }
  return { describe, components: () => Object.fromEntries([...named].sort(([one], [other]) => (one < other ? -1 : 1))) }
}
