/** The back office's entry. */
import { RouterProvider } from '@tanstack/react-router';
import { start } from '../shop/start.tsx';
import { loadMessages } from './i18n/messages.ts';
import { router } from './router.tsx';

void start(<RouterProvider router={router} />, loadMessages);
