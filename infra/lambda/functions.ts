/** Every function that is deployed: its name is that of its file beside this one, of its bundle and of its logs. */
export const FUNCTION_NAMES = [
  'command-api',
  'query-api',
  'subjects-api',
  'project-views',
  'project-search',
  'archive',
  'relay',
  'process',
  'redrive',
  'seal',
  'export-trail',
  'migrate',
  'pre-token',
] as const

export type FunctionName = (typeof FUNCTION_NAMES)[number]

/** What each of them exports. */
export const HANDLER = 'handler'
