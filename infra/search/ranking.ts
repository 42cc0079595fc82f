/**
 * What a match is worth. A product's score is the sum over the query's words, each by its best match, and over what matches as
 * a whole. It depends on the query and on the product alone, so pages stay in step while the index changes, no tenant's
 * catalogue moves another's ranking, and every engine ranks alike; products of one score stand in the order of their SKUs.
 */
export const SCORE = {
  word: {
    /** The word, or another form of it, in the name. */
    inName: 4,
    /** In the category, or as a part of the SKU. */
    elsewhere: 3,
    /** The last word begins a word of the product. */
    prefix: 2,
    /** A word of the product mistyped. */
    typo: 1,
  },
  whole: {
    /** The words stand side by side in the name. */
    phrase: 3,
    sku: 100,
    skuInOtherCase: 50,
    skuPrefix: 10,
  },
} as const
