import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Image } from '../../infra/event-store/item.ts'

const DIRECTORY = import.meta.dirname
const NAME = /^[A-Za-z]+\.v\d+\.json$/

export const fileNameOf = (type: string, schemaVersion: number): string => `${type}.v${schemaVersion}.json`

export const pathOf = (fileName: string): string => join(DIRECTORY, fileName)

/** The names of all stored events: one file a type and version that ever was. */
export const storedEventFiles = (): ReadonlyArray<string> => readdirSync(DIRECTORY).filter((name) => NAME.test(name))

/** The item of a commit as the event table holds it; binary is base64, as Lambda hands it over. */
export const storedImage = (fileName: string): Image => JSON.parse(readFileSync(pathOf(fileName), 'utf8'))
