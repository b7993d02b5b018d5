import { createRoot } from 'react-dom/client'
import './app.css'

createRoot(document.getElementById('root') as HTMLElement).render(<h1>Tagwerk</h1>)
