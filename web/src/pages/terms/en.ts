import type { Texts } from './version';

export const en: Texts = {
  terms: [
    {
      title: 'What Smart Cooking is',
      paragraphs: [
        'Smart Cooking suggests dishes that you can cook with what you have at home. It is free. You can keep a pantry, plan meals, write shopping lists, cook step by step, rate dishes and share them with others.',
        'The service is offered as it is. It can be interrupted, and recipes can turn out badly. As far as the law allows, nobody is liable for that; liability for intent and for harm to life and health stays as the law has it.',
      ],
    },
    {
      title: 'Your account',
      paragraphs: [
        'You have to be at least 13 years old. The account is for you alone: keep your password to yourself, and do not pretend to be somebody else.',
        'You can delete your account at any time under “Your data”.',
      ],
    },
    {
      title: 'Allergies and health',
      paragraphs: [
        'We compare every suggestion with the allergies and diets that you have entered, including ingredients that are hidden in others, such as fish in fish sauce. We leave out a recipe with an ingredient that we do not know if you have an allergy.',
        'This does not replace your own look. Products differ from maker to maker, and people make mistakes when they write recipes. Read the labels. If an allergy can be dangerous for you, check every ingredient before you cook.',
        'Recipes that were written by AI or put together by rules are marked. Their ingredients are checked like all others, but nobody has cooked them yet. Nothing here is medical advice.',
      ],
    },
    {
      title: 'What you write and share',
      paragraphs: [
        'Your recipes, posts, comments and pictures stay yours. You allow us to store them, to resize pictures, and to show them to the people you have chosen.',
        'A recipe of yours is private at first. When it is rated well, or a moderator approves it, it joins the catalogue: everybody can read it then, search engines too. If you change an approved recipe, your new text waits for a moderator and the approved one stays in the meantime.',
        'Share only what you have the right to share. For a recipe that comes from somewhere else you have to say that you have this right before it can become public.',
      ],
    },
    {
      title: 'What is not allowed',
      paragraphs: [
        'No spam, harassment, hate, violence, nudity, false information or instructions that are dangerous to cook or eat. No copies of what others own. No attempts to overload the service or to get at other people’s data. No reports that you know to be false.',
      ],
    },
    {
      title: 'Moderation',
      paragraphs: [
        'Everybody can report a post, a comment, a recipe or a person. What three people have reported is hidden until a moderator has looked at it. Whoever breaks these rules can be suspended for a while: they can read, but not write.',
        'You are told about decisions on what is yours. You can ask for another look once for each decision; another moderator answers.',
      ],
    },
    {
      title: 'When these terms change',
      paragraphs: [
        'Each version carries a date. When there is another one, we ask you to read and accept it when you next open Smart Cooking. Which versions you have accepted is in the copy of your data.',
      ],
    },
  ],
  privacy: [
    {
      title: 'What we hold about you',
      paragraphs: [
        'What you enter when you register: username, full name and email address. Your password is kept in a form from which it cannot be read.',
        'What you add if you like: picture, a few words about yourself, date of birth, gender, country, and how and for how many you cook. Allergies, diets and health goals tell something about your health. You enter them of your own accord, we use them only to suggest food that suits you, and you can remove them at any time.',
        'What you do here: pantry, recipes, plans, lists, household, dishes you asked for and cooked, notes, ratings, posts, comments, reactions, friends, people you blocked, reports and notifications.',
        'Technical records: which requests came from which network address at what time, so that we can find errors and stop abuse.',
      ],
    },
    {
      title: 'What we do with it',
      paragraphs: [
        'We use it to run the service for you, to keep it safe, and to count how it is used. There is no advertising, no tracking by others and no sale of data.',
        'We send mail about your account, friend requests and approved recipes. You can choose in the settings which of these you want.',
      ],
    },
    {
      title: 'Who sees it',
      paragraphs: [
        'Other people see what your privacy settings and the visibility of each post allow. At first your profile is public, your preferences are for friends, and your email address, date of birth and cooking history are for you alone. Notes are always yours alone.',
        'Members of your household share pantry, plans and shopping lists. The food of the household keeps to your allergies unless you switch that off; the members see them only if you allow it.',
        'Moderators see what was reported or waits for approval. What they decide is recorded with its reason.',
        'When no recipe of the catalogue fits, an AI model can write one. It gets the names of ingredients from our list and, if you have entered them, your age range, gender, country, allergies, diets, health goals, how many you are and how you like to cook. It never gets your name, username, email address, date of birth or anything you wrote yourself.',
      ],
    },
    {
      title: 'Where it is kept',
      paragraphs: [
        'Accounts, data and pictures are kept by Amazon Web Services: in Singapore, with backups in Japan. AI models run there as well and may answer from other countries.',
        'In your browser we keep one cookie, which keeps you signed in, and on your device the language, drafts, and pages that work without a network. Signing out removes what is about you.',
      ],
    },
    {
      title: 'How long',
      paragraphs: [
        'Notifications, imports and background jobs go after 30 days, and copies of your data that you have prepared after a day. Technical records go after a year at most. The rest stays until you delete it or your account.',
        'When you delete your account, you are signed out everywhere. After seven days, or at once if you prefer, everything about you is erased. Your ratings, and recipes that are in the catalogue, stay without your name. The moderators’ record keeps an identifier that stood for you. Backups are gone after seven weeks at most.',
      ],
    },
    {
      title: 'Your rights',
      paragraphs: [
        'You can see and correct your data in the settings, download a copy of everything, take your recipes along, and delete your account, all without asking us. You can also complain to the data protection authority of your country.',
      ],
    },
  ],
};
