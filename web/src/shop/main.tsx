/** The shop's entry. */
import { RouterProvider } from '@tanstack/react-router';
import { loadMessages } from '../i18n/messages.ts';
import { router } from './router.tsx';
import { start } from './start.tsx';

void start(<RouterProvider router={router} />, loadMessages);
