import { memoryProducts } from '../../../infra/search/memory.ts'
import { productDocumentsContract } from '../../contracts/product-documents.ts'

productDocumentsContract('memory', async () => memoryProducts())
