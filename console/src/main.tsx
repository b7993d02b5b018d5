import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import './app.css'
import { ApiError } from './api/client.ts'
import { router } from './router.tsx'

const RETRIES_MAX = 2

const queries = new QueryClient({
  defaultOptions: {
    queries: {
      refetchOnWindowFocus: false,
      // Only what may be over soon: a refusal stays one.
      retry: (failures, error) =>
        failures < RETRIES_MAX && error instanceof ApiError && (error.status === 0 || error.status === 503),
    },
  },
})

const container = document.getElementById('root')
if (container === null) throw new Error('the page has no element "root"')
createRoot(container).render(
  <StrictMode>
    <QueryClientProvider client={queries}>
      <RouterProvider router={router} />
    </QueryClientProvider>
  </StrictMode>,
)
