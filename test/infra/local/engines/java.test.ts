import { expect, test } from 'vitest'
import { majorVersion } from '../../../../infra/local/engines/java.ts'

test.each([
  ['openjdk version "25.0.3" 2026-04-21 LTS', 25],
  ['java version "1.8.0_392"', 8],
  ['openjdk version "21" 2023-09-19', 21],
  ['The operation couldn’t be completed. Unable to locate a Java Runtime.', null],
])('%s is major version %s', (output, major) => {
  expect(majorVersion(output)).toBe(major)
})
